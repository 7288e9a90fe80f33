#include "codec_header.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace editprep::video {
namespace {

constexpr int kBaseline = 66;
constexpr int kMain = 77;
constexpr int kExtended = 88;
constexpr int kHigh = 100;
constexpr int kHigh10 = 110;
constexpr int kHigh422 = 122;
constexpr int kHigh444Predictive = 244;

/// The record's end, behind its parameter sets, which writers may leave out.
std::optional<int> h264_written_bit_depth(CodecHeader header) {
    std::size_t position = 5;
    for (const std::uint8_t count_mask : {std::uint8_t{0x1F}, std::uint8_t{0xFF}}) {
        if (position >= header.size()) {
            return std::nullopt;
        }
        for (int left = header[position++] & count_mask; left > 0; --left) {
            if (position + 2 > header.size()) {
                return std::nullopt;
            }
            const std::size_t length =
                static_cast<std::size_t>(header[position]) << 8U | header[position + 1];
            position += 2 + length;
        }
    }
    // Chroma format, then the depth of luma above 8 in the low three bits.
    return position + 1 < header.size() ? std::optional(8 + (header[position + 1] & 7))
                                        : std::nullopt;
}

/// Marker and version, profile and level, tier and depth.
bool is_av1_record(CodecHeader header) { return header.size() >= 4 && header[0] == 0x81; }

}  // namespace

std::optional<int> h264_profile(CodecHeader header) {
    if (header.size() < 4 || header[0] != 1) {
        return std::nullopt;
    }
    const int profile = header[1];
    const bool constraint_set1 = (header[2] & 0x40) != 0;
    const bool constraint_set3 = (header[2] & 0x10) != 0;
    if (profile == kBaseline && constraint_set1) {
        return kBaseline | kConstrainedBaseline;
    }
    const bool has_intra_form =
        profile == kHigh10 || profile == kHigh422 || profile == kHigh444Predictive;
    return has_intra_form && constraint_set3 ? profile | kIntraOnly : profile;
}

std::optional<int> h264_bit_depth(CodecHeader header) {
    const auto profile = h264_profile(header);
    if (!profile) {
        return std::nullopt;
    }
    switch (*profile & 0xFF) {
        case kBaseline:
        case kMain:
        case kExtended:
        case kHigh:
            return 8;
        default:
            return h264_written_bit_depth(header);
    }
}

std::optional<int> av1_profile(CodecHeader header) {
    return is_av1_record(header) ? std::optional(header[1] >> 5) : std::nullopt;
}

std::optional<int> av1_bit_depth(CodecHeader header) {
    if (!is_av1_record(header)) {
        return std::nullopt;
    }
    const bool high = (header[2] & 0x40) != 0;
    const bool twelve = (header[2] & 0x20) != 0;
    return !high ? 8 : twelve ? 12 : 10;
}

std::optional<int> prores_profile(std::uint32_t letters) {
    using namespace std::string_view_literals;
    constexpr std::array kEntries{"apco"sv, "apcs"sv, "apcn"sv, "apch"sv, "ap4h"sv, "ap4x"sv};
    const std::array<char, 4> entry{
        static_cast<char>(letters >> 24U), static_cast<char>(letters >> 16U & 0xFFU),
        static_cast<char>(letters >> 8U & 0xFFU), static_cast<char>(letters & 0xFFU)};
    const auto found = std::ranges::find(kEntries, std::string_view(entry.data(), entry.size()));
    return found != kEntries.end() ? std::optional(static_cast<int>(found - kEntries.begin()))
                                   : std::nullopt;
}

int prores_bit_depth(int profile) {
    constexpr int k4444 = 4;
    return profile >= k4444 ? 12 : 10;
}

std::optional<DynamicRange> dynamic_range_of(int transfer, const std::optional<int>& bit_depth) {
    constexpr int kUnspecified = 2;
    constexpr int kPq = 16;
    constexpr int kHlg = 18;
    switch (transfer) {
        case kPq:
            return DynamicRange::pq;
        case kHlg:
            return DynamicRange::hlg;
        case kUnspecified:
        case 0:
        case 3:  // both reserved
            // HDR begins at ten bits (BT.2100, table 9).
            return bit_depth == 8 ? std::optional(DynamicRange::sdr) : std::nullopt;
        default:
            return DynamicRange::sdr;
    }
}

}  // namespace editprep::video
