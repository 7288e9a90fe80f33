#include "mask_matcher.hpp"

#include <algorithm>
#include <cstring>

#include "byte_match.hpp"

namespace editprep::imaging {
namespace {

/// So many bytes must be the same to be found.
constexpr std::size_t kKeyBytes = 4;
/// A hash reads so many.
constexpr std::size_t kReach = 8;
constexpr int kHashBits = 14;
/// Shorter runs are repetitions like others.
constexpr std::size_t kShortestRun = 16;
/// Runs are compared in blocks of so many bytes.
constexpr std::size_t kBlock = 128;
/// So many places are compared; four times as many save one byte of a hundred.
constexpr int kMostPlaces = 16;
/// A repetition of so many bytes is taken without a look at what starts one byte later.
constexpr std::size_t kLongBytes = 12;

std::uint32_t load_key(const std::uint8_t* bytes) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes, kKeyBytes);
    return value;
}

/// How often the byte before `here` comes again in the `limit` bytes from there.
std::size_t measure_run(const std::uint8_t* here, std::size_t limit) {
    const std::uint8_t* before = here - 1;
    std::size_t length = 0;
    while (limit - length >= kBlock && std::memcmp(before + length, here + length, kBlock) == 0) {
        length += kBlock;
    }
    length += common_bytes(before + length, here + length, limit - length);
    return length >= kShortestRun ? length : 0;
}

}  // namespace

MaskMatcher::MaskMatcher()
    : last_places_(std::size_t{1} << kHashBits),
      places_before_(std::make_unique_for_overwrite<std::uint32_t[]>(kDeflateWindow)) {}

/// Nearly always there is none where one is looked for, which is seen at once.
inline std::size_t MaskMatcher::run_length(std::size_t at, std::size_t end) const {
    if (at == 0 || end - at < kShortestRun) {
        return 0;
    }
    const std::uint8_t* here = bytes_.data() + at;
    return load_word(here - 1) == load_word(here) ? measure_run(here, end - at) : 0;
}

void MaskMatcher::start(std::span<const std::uint8_t> bytes, std::size_t history) {
    std::ranges::fill(last_places_, 0U);
    bytes_ = bytes;
    at_ = history;
    remembered_ = 1;
    remember_until(history);
}

void MaskMatcher::next(const TokenCosts& /*costs*/, std::size_t count,
                       std::vector<DeflateToken>& tokens) {
    const std::size_t enough = tokens.size() + count;
    while (at_ < bytes_.size() && tokens.size() < enough) {
        step(tokens);
    }
}

void MaskMatcher::step(std::vector<DeflateToken>& tokens) {
    remember_until(at_);
    if (const std::size_t run = run_length(at_, bytes_.size()); run > 0) {
        put_run(run, tokens);
        return;
    }
    Match match = longest_match(at_, at_);
    while (match.length > 0 && match.length < kLongBytes) {
        remember_until(at_ + 1);
        const Match later = longest_match(at_ + 1, at_ + 1);
        if (later.length <= match.length) {
            break;
        }
        put_literal(tokens);
        match = later;
    }
    if (match.length > 0) {
        put_match(match, tokens);
    } else {
        put_literal(tokens);
    }
}

void MaskMatcher::put_run(std::size_t length, std::vector<DeflateToken>& tokens) {
    const std::size_t end = at_ + length;
    remembered_ = end - 1;
    while (end - at_ > kLongestMatch) {
        put_match({kLongestMatch, 1}, tokens);
    }
    const std::size_t rest = end - at_;
    const Match match = longest_match(at_, end - 1);
    if (match.length > 0) {
        put_match(match, tokens);
    } else if (rest >= kShortestMatch) {
        put_match({rest, 1}, tokens);
    } else {
        while (at_ < end) {
            put_literal(tokens);
        }
    }
}

void MaskMatcher::put_literal(std::vector<DeflateToken>& tokens) {
    tokens.push_back({0, bytes_[at_++]});
}

void MaskMatcher::put_match(Match match, std::vector<DeflateToken>& tokens) {
    tokens.push_back(
        {static_cast<std::uint16_t>(match.length), static_cast<std::uint16_t>(match.distance)});
    at_ += match.length;
}

MaskMatcher::Match MaskMatcher::longest_match(std::size_t at, std::size_t key) const {
    if (key + kReach > bytes_.size()) {
        return {};
    }
    const std::uint8_t* here = bytes_.data() + at;
    const std::size_t limit = std::min(kLongestMatch, bytes_.size() - at);
    const std::size_t ahead = key - at;
    const std::size_t oldest = std::max({key - std::min(key, kDeflateWindow), ahead, {1}});
    Match best{ahead + kKeyBytes - 1, 0};  // to be surpassed
    std::size_t place = last_places_[hash_at(key)];
    for (int i = 0; i < kMostPlaces && place >= oldest && best.length < limit; ++i) {
        const std::uint8_t* there = bytes_.data() + place - ahead;
        const std::size_t last_bytes = best.length + 1 - kKeyBytes;
        if (load_key(there + last_bytes) == load_key(here + last_bytes)) {
            const std::size_t length = common_bytes(there, here, limit);
            if (length > best.length) {
                best = {length, key - place};
            }
        }
        place = places_before_[place % kDeflateWindow];
    }
    return best.distance > 0 ? best : Match{};
}

void MaskMatcher::remember_until(std::size_t end) {
    end = std::min(end, bytes_.size() - std::min(bytes_.size(), kReach - 1));
    while (remembered_ < end) {
        if (const std::size_t run = run_length(remembered_, end); run > 0) {
            remembered_ += run - 1;  // the last byte leads what follows
        }
        std::uint32_t& last = last_places_[hash_at(remembered_)];
        places_before_[remembered_ % kDeflateWindow] = last;
        last = static_cast<std::uint32_t>(remembered_++);
    }
}

std::size_t MaskMatcher::hash_at(std::size_t at) const {
    return hash_bytes<kKeyBytes>(bytes_.data() + at, kHashBits);
}

}  // namespace editprep::imaging
