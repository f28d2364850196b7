#include "CRE2.h"

#include <re2/re2.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <string>

struct cre2_regex {
    explicit cre2_regex(re2::StringPiece expression) : source(expression.data(), expression.size()) {}

    // Never NULL; not `ok()` where the expression is bad.
    const re2::RE2 *compiled() {
        const re2::RE2 *regex = ready.load(std::memory_order_acquire);
        if (regex != nullptr) return regex;
        std::lock_guard<std::mutex> guard(lock);
        if (owned == nullptr) {
            re2::RE2::Options options;
            options.set_log_errors(false);
            owned = std::make_unique<re2::RE2>(source, options);
            ready.store(owned.get(), std::memory_order_release);
        }
        return owned.get();
    }

  private:
    const std::string source;
    std::mutex lock;
    std::unique_ptr<re2::RE2> owned;
    std::atomic<const re2::RE2 *> ready{nullptr};
};

cre2_regex *cre2_defer(const char *expression, size_t length) {
    return new cre2_regex(re2::StringPiece(expression, length));
}

cre2_regex *cre2_compile(const char *expression, size_t length, char *error, size_t error_capacity) {
    auto *regex = cre2_defer(expression, length);
    const re2::RE2 *compiled = regex->compiled();
    if (compiled->ok()) return regex;
    if (error_capacity > 0) {
        size_t count = std::min(compiled->error().size(), error_capacity - 1);
        std::memcpy(error, compiled->error().data(), count);
        error[count] = 0;
    }
    delete regex;
    return nullptr;
}

void cre2_free(cre2_regex *regex) { delete regex; }

int cre2_group_count(cre2_regex *regex) { return regex->compiled()->NumberOfCapturingGroups(); }

bool cre2_find(cre2_regex *regex, const char *text, size_t length, size_t start, size_t end,
               ptrdiff_t *offsets, int groups) {
    constexpr int most = 4;
    re2::StringPiece found[most];
    groups = std::min(groups, most);
    // RE2 says no to an empty text that is a null pointer.
    const re2::StringPiece whole(text == nullptr ? "" : text, length);
    const re2::RE2 *compiled = regex->compiled();
    if (!compiled->ok()) {
        for (int group = 0; group < groups; group++) {
            offsets[2 * group] = group == 0 ? static_cast<ptrdiff_t>(start) : -1;
            offsets[2 * group + 1] = group == 0 ? static_cast<ptrdiff_t>(end) : -1;
        }
        return true;
    }
    if (!compiled->Match(whole, start, end, re2::RE2::UNANCHORED, found, groups)) return false;
    for (int group = 0; group < groups; group++) {
        const bool is_set = found[group].data() != nullptr;
        offsets[2 * group] = is_set ? found[group].data() - whole.data() : -1;
        offsets[2 * group + 1] = is_set ? offsets[2 * group] + static_cast<ptrdiff_t>(found[group].size()) : -1;
    }
    return true;
}
