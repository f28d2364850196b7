#include "CRE2.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace {

const re2::RE2 *unwrap(const cre2_regex *regex) { return reinterpret_cast<const re2::RE2 *>(regex); }

}  // namespace

cre2_regex *cre2_compile(const char *expression, size_t length, char *error, size_t error_capacity) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto *regex = new (std::nothrow) re2::RE2(re2::StringPiece(expression, length), options);
    if (regex != nullptr && regex->ok()) return reinterpret_cast<cre2_regex *>(regex);
    if (error_capacity > 0) {
        const char *reason = regex == nullptr ? "out of memory" : regex->error().c_str();
        size_t count = std::min(std::strlen(reason), error_capacity - 1);
        std::memcpy(error, reason, count);
        error[count] = 0;
    }
    delete regex;
    return nullptr;
}

void cre2_free(cre2_regex *regex) { delete reinterpret_cast<re2::RE2 *>(regex); }

int cre2_group_count(const cre2_regex *regex) { return unwrap(regex)->NumberOfCapturingGroups(); }

bool cre2_find(const cre2_regex *regex, const char *text, size_t length, size_t start, size_t end,
               ptrdiff_t *offsets, int groups) {
    constexpr int most = 4;
    re2::StringPiece found[most];
    groups = std::min(groups, most);
    // RE2 says no to an empty text that is a null pointer.
    const re2::StringPiece whole(text == nullptr ? "" : text, length);
    if (!unwrap(regex)->Match(whole, start, end, re2::RE2::UNANCHORED, found, groups)) return false;
    for (int group = 0; group < groups; group++) {
        const bool is_set = found[group].data() != nullptr;
        offsets[2 * group] = is_set ? found[group].data() - whole.data() : -1;
        offsets[2 * group + 1] = is_set ? offsets[2 * group] + static_cast<ptrdiff_t>(found[group].size()) : -1;
    }
    return true;
}
