#pragma once

#include "pool.h"
#include <curl/curl.h>
#include <openssl/ssl.h>
#include <stddef.h>

// libcurl's setters and getters take variable arguments, which Swift cannot call: one function for each kind of argument.

static inline CURLcode steno_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode steno_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

// Strings that libcurl copies, and NULL.
static inline CURLcode steno_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

// Pointers that libcurl keeps.
static inline CURLcode steno_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

// Write, header and read functions share one shape.
typedef size_t (*steno_data_function)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode steno_set_data_function(CURL *easy, CURLoption option, steno_data_function function) {
    return curl_easy_setopt(easy, option, function);
}

static inline CURLcode steno_set_seek_function(CURL *easy, int (*function)(void *, curl_off_t, int)) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, function);
}

static inline CURLcode steno_set_prereq_function(CURL *easy, int (*function)(void *, char *, char *, int, int)) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}

static inline CURLcode steno_set_trailer_function(CURL *easy, int (*function)(struct curl_slist **, void *)) {
    return curl_easy_setopt(easy, CURLOPT_TRAILERFUNCTION, function);
}

static inline CURLcode steno_set_sockopt_function(CURL *easy, int (*function)(void *, curl_socket_t, curlsocktype)) {
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, function);
}

static inline CURLcode steno_set_closesocket_function(CURL *easy, int (*function)(void *, curl_socket_t)) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, function);
}

static inline CURLcode steno_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode steno_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode steno_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, (char **)value);
}

static inline CURLMcode steno_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode steno_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode steno_multi_set_socket_function(
    CURLM *multi, int (*function)(CURL *, curl_socket_t, int, void *, void *)) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, function);
}

static inline CURLMcode steno_multi_set_timer_function(CURLM *multi, int (*function)(CURLM *, long, void *)) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, function);
}

static inline CURLSHcode steno_share_data(CURLSH *share, curl_lock_data data) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, data);
}

// The result of a finished transfer sits in a union.
static inline CURLcode steno_message_result(const CURLMsg *message) { return message->data.result; }

// libcurl has no word for "I send no more, and still read": OpenSSL says it for a TLS connection. False: it is none.
static inline int steno_close_notify(CURL *easy) {
    struct curl_tlssessioninfo *session = NULL;
    if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session || !session->internals) return 0;
    if (session->backend != CURLSSLBACKEND_OPENSSL) return 0;
    SSL_shutdown((SSL *)session->internals);
    return 1;
}

// Macros that are casts or combinations, which Swift does not import.
static const int steno_pause_nothing = CURLPAUSE_CONT;
static const curl_socket_t steno_socket_timeout = CURL_SOCKET_TIMEOUT;
static const size_t steno_write_pause = CURL_WRITEFUNC_PAUSE;
static const size_t steno_read_pause = CURL_READFUNC_PAUSE;
static const size_t steno_read_abort = CURL_READFUNC_ABORT;
