#include "encode_png.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/pixel_buffer.hpp"
#include "simd.hpp"

// PNG: ISO/IEC 15948. Section numbers below are those of the W3C's second edition.
namespace editprep::imaging {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr std::string_view kSoftware{"Software\0editprep", 17};
constexpr std::size_t kChunkFrame = 12;  // length, type and CRC
constexpr std::size_t kHeaderBytes = 13;
constexpr std::size_t kSoftwareStart = kSignature.size() + kChunkFrame + kHeaderBytes;
static_assert(kSoftwareStart + kChunkFrame + kSoftware.size() == kOwnPngHeadBytes);

/// Section 9.2, in the order of their numbers.
enum Filter : std::uint8_t { kNone, kSub, kUp, kAverage, kPaeth };
using Costs = std::array<std::uint32_t, 5>;

/// |value| of a filtered byte read as a signed one. Sums of it tell how well a filter predicts
/// (section 12.8).
inline std::uint32_t magnitude(std::uint8_t filtered) {
    return std::min<std::uint8_t>(filtered, static_cast<std::uint8_t>(-filtered));
}

inline std::uint8_t average(std::uint8_t left, std::uint8_t up) {
    return static_cast<std::uint8_t>((left + up) >> 1);
}

/// Section 9.4, in differences: the prediction is the neighbour nearest to left + up - corner.
inline std::uint8_t paeth(std::uint8_t left, std::uint8_t up, std::uint8_t corner) {
    const auto from_left = static_cast<std::int16_t>(up - corner);
    const auto from_up = static_cast<std::int16_t>(left - corner);
    const auto sum = static_cast<std::int16_t>(from_left + from_up);
    const auto to_left = static_cast<std::int16_t>(from_left < 0 ? -from_left : from_left);
    const auto to_up = static_cast<std::int16_t>(from_up < 0 ? -from_up : from_up);
    const auto to_corner = static_cast<std::int16_t>(sum < 0 ? -sum : sum);
    const std::uint8_t of_rest = to_up <= to_corner ? up : corner;
    const bool left_is_nearest = (to_left <= to_up) & (to_left <= to_corner);
    return left_is_nearest ? left : of_rest;
}

inline std::uint8_t difference(std::uint8_t value, std::uint8_t prediction) {
    return static_cast<std::uint8_t>(value - prediction);
}

/// What each filter would cost on `count` bytes of a row. `left` and `corner` are `row` and `above`
/// one pixel earlier.
EDITPREP_SIMD_CLONES
Costs filter_costs(const std::uint8_t* row, const std::uint8_t* left, const std::uint8_t* above,
                   const std::uint8_t* corner, std::size_t count) {
    std::uint32_t none = 0;
    std::uint32_t sub = 0;
    std::uint32_t up = 0;
    std::uint32_t mean = 0;
    std::uint32_t nearest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t x = row[i];
        const std::uint8_t a = left[i];
        const std::uint8_t b = above[i];
        const std::uint8_t c = corner[i];
        none += magnitude(x);
        sub += magnitude(difference(x, a));
        up += magnitude(difference(x, b));
        mean += magnitude(difference(x, average(a, b)));
        nearest += magnitude(difference(x, paeth(a, b, c)));
    }
    return {none, sub, up, mean, nearest};
}

EDITPREP_SIMD_CLONES
void subtract(std::uint8_t* __restrict out, const std::uint8_t* row, const std::uint8_t* predicted,
              std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = difference(row[i], predicted[i]);
    }
}

EDITPREP_SIMD_CLONES
void subtract_average(std::uint8_t* __restrict out, const std::uint8_t* row,
                      const std::uint8_t* left, const std::uint8_t* above, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = difference(row[i], average(left[i], above[i]));
    }
}

EDITPREP_SIMD_CLONES
void subtract_paeth(std::uint8_t* __restrict out, const std::uint8_t* row, const std::uint8_t* left,
                    const std::uint8_t* above, const std::uint8_t* corner, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = difference(row[i], paeth(left[i], above[i], corner[i]));
    }
}

/// One row and the row above it (zeros for the first), `pixel` bytes a pixel.
struct Rows {
    const std::uint8_t* row;
    const std::uint8_t* above;
    std::size_t bytes;
    std::size_t pixel;
};

Filter cheapest_filter(const Rows& rows) {
    // The first pixel has no left neighbour; what it adds is left out, it cannot matter.
    const Costs costs = filter_costs(rows.row + rows.pixel, rows.row, rows.above + rows.pixel,
                                     rows.above, rows.bytes - rows.pixel);
    return static_cast<Filter>(std::min_element(costs.begin(), costs.end()) - costs.begin());
}

/// The first pixel, whose left neighbours count as zero.
void filter_first_pixel(Filter filter, const Rows& rows, std::uint8_t* out) {
    for (std::size_t i = 0; i < rows.pixel; ++i) {
        const std::uint8_t above = rows.above[i];
        const bool from_above = filter == kUp || filter == kPaeth;
        const std::uint8_t predicted = from_above           ? above
                                       : filter == kAverage ? average(0, above)
                                                            : std::uint8_t{0};
        out[i] = difference(rows.row[i], predicted);
    }
}

void filter_row(Filter filter, const Rows& rows, std::uint8_t* out) {
    filter_first_pixel(filter, rows, out);
    const std::size_t rest = rows.bytes - rows.pixel;
    const std::uint8_t* row = rows.row + rows.pixel;
    const std::uint8_t* above = rows.above + rows.pixel;
    out += rows.pixel;
    switch (filter) {
        case kNone:
            std::memcpy(out, row, rest);
            break;
        case kSub:
            subtract(out, row, rows.row, rest);
            break;
        case kUp:
            subtract(out, row, above, rest);
            break;
        case kAverage:
            subtract_average(out, row, rows.row, above, rest);
            break;
        case kPaeth:
            subtract_paeth(out, row, rows.row, above, rows.above, rest);
            break;
    }
}

/// Section 9: every row, led by the number of its filter.
PixelBuffer filter_rows(std::span<const std::uint8_t> pixels, Size size, std::size_t pixel,
                        PngFilter choice) {
    const std::size_t bytes = static_cast<std::size_t>(size.width) * pixel;
    const std::size_t height = static_cast<std::size_t>(size.height);
    PixelBuffer filtered((bytes + 1) * height);
    const std::vector<std::uint8_t> zeros(bytes);
    const std::uint8_t* above = zeros.data();
    std::uint8_t* out = filtered.data();
    for (std::size_t y = 0; y < height; ++y) {
        const Rows rows{pixels.data() + y * bytes, above, bytes, pixel};
        if (std::memcmp(rows.row, above, bytes) == 0) {
            *out = kUp;
            std::memset(out + 1, 0, bytes);
        } else {
            *out = choice == PngFilter::up ? kUp : cheapest_filter(rows);
            filter_row(static_cast<Filter>(*out), rows, out + 1);
        }
        above = rows.row;
        out += bytes + 1;
    }
    return filtered;
}

struct CompressorDeleter {
    void operator()(libdeflate_compressor* compressor) const noexcept {
        libdeflate_free_compressor(compressor);
    }
};

struct Compressed {
    PixelBuffer buffer;
    std::size_t size = 0;
};

Compressed compress(const PixelBuffer& data, int level) {
    const std::unique_ptr<libdeflate_compressor, CompressorDeleter> compressor(
        libdeflate_alloc_compressor(level));
    if (!compressor) {
        throw std::bad_alloc();
    }
    Compressed result;
    result.buffer = PixelBuffer(libdeflate_zlib_compress_bound(compressor.get(), data.size()));
    result.size = libdeflate_zlib_compress(compressor.get(), data.data(), data.size(),
                                           result.buffer.data(), result.buffer.size());
    return result;
}

std::byte* put_bytes(std::byte* out, const void* data, std::size_t size) {
    if (size > 0) {
        std::memcpy(out, data, size);
    }
    return out + size;
}

std::byte* put_number(std::byte* out, std::uint32_t value) {
    for (const int shift : {24, 16, 8, 0}) {
        *out++ = static_cast<std::byte>(value >> shift & 0xFF);
    }
    return out;
}

/// Section 5.3: the CRC covers type and data.
std::byte* put_chunk(std::byte* out, std::string_view type, const void* data, std::size_t size) {
    std::byte* const start = put_number(out, static_cast<std::uint32_t>(size));
    std::byte* const end = put_bytes(put_bytes(start, type.data(), type.size()), data, size);
    return put_number(end, libdeflate_crc32(0, start, type.size() + size));
}

std::byte color_type(Channels channels) {
    switch (channels) {
        case Channels::grey:
            return std::byte{0};
        case Channels::rgb:
            return std::byte{2};
        case Channels::rgba:
            break;
    }
    return std::byte{6};
}

/// Section 11.2.2.
std::byte* put_header(std::byte* out, Size size, Channels channels) {
    std::array<std::byte, kHeaderBytes> header{};  // deflate, the five filters, no interlace
    std::byte* const rest =
        put_number(put_number(header.data(), static_cast<std::uint32_t>(size.width)),
                   static_cast<std::uint32_t>(size.height));
    rest[0] = std::byte{8};  // bits a sample
    rest[1] = color_type(channels);
    return put_chunk(out, "IHDR", header.data(), header.size());
}

std::byte* put_software(std::byte* out) {
    return put_chunk(out, "tEXt", kSoftware.data(), kSoftware.size());
}

std::byte* put_image_data(std::byte* out, const Compressed& data, std::size_t max_chunk) {
    for (std::size_t done = 0; done < data.size; done += max_chunk) {
        out = put_chunk(out, "IDAT", data.buffer.data() + done,
                        std::min(max_chunk, data.size - done));
    }
    return out;
}

}  // namespace

std::vector<std::byte> encode_png(std::span<const std::uint8_t> pixels, Size size,
                                  Channels channels, const PngSettings& settings) {
    const Compressed data =
        compress(filter_rows(pixels, size, static_cast<std::size_t>(channels), settings.filter),
                 settings.level);
    const std::size_t chunks = (data.size + settings.max_idat_bytes - 1) / settings.max_idat_bytes;

    std::vector<std::byte> file(kOwnPngHeadBytes + data.size + (chunks + 1) * kChunkFrame);
    std::byte* out = put_bytes(file.data(), kSignature.data(), kSignature.size());
    out = put_header(out, size, channels);
    out = put_software(out);
    out = put_image_data(out, data, settings.max_idat_bytes);
    put_chunk(out, "IEND", nullptr, 0);
    return file;
}

bool is_own_png(std::span<const std::byte> head) {
    std::array<std::byte, kChunkFrame + kSoftware.size()> software;
    put_software(software.data());
    return head.size() >= kOwnPngHeadBytes &&
           std::memcmp(head.data(), kSignature.data(), kSignature.size()) == 0 &&
           std::memcmp(head.data() + kSoftwareStart, software.data(), software.size()) == 0;
}

}  // namespace editprep::imaging
