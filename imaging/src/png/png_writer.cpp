#include "png_writer.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "png_filter.hpp"
#include "thread_count.hpp"
#include "zlib_stream.hpp"

// PNG: ISO/IEC 15948. Section numbers below are those of the W3C's second edition.
namespace editprep::imaging {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr std::string_view kSoftware{"Software\0editprep", 17};
constexpr std::size_t kChunkFrame = 12;  // length, type and CRC
constexpr std::size_t kHeaderBytes = 13;
constexpr std::size_t kSoftwareStart = kSignature.size() + kChunkFrame + kHeaderBytes;
static_assert(kSoftwareStart + kChunkFrame + kSoftware.size() == kOwnPngHeadBytes);

/// Image data goes out when there is so much of it, as one chunk.
constexpr std::size_t kImageDataBytes = 64 * 1024;

std::array<std::byte, 4> big_endian(std::uint32_t value) {
    return {static_cast<std::byte>(value >> 24), static_cast<std::byte>(value >> 16 & 0xFF),
            static_cast<std::byte>(value >> 8 & 0xFF), static_cast<std::byte>(value & 0xFF)};
}

/// The bytes of a PNG file, chunk by chunk (section 5.3).
class ChunkBuffer {
public:
    void append(std::span<const std::byte> data) {
        const std::size_t size = bytes_.size();
        bytes_.resize(size + data.size());
        std::ranges::copy(data, bytes_.begin() + static_cast<std::ptrdiff_t>(size));
    }
    void append(std::string_view text) { append(std::as_bytes(std::span(text))); }

    void begin_chunk(std::string_view type) {
        start_ = bytes_.size();
        append(big_endian(0));  // the length, which is not known yet
        append(type);
    }
    [[nodiscard]] std::size_t chunk_bytes() const { return bytes_.size() - start_ - 8; }
    void end_chunk() {
        std::ranges::copy(big_endian(static_cast<std::uint32_t>(chunk_bytes())),
                          bytes_.begin() + static_cast<std::ptrdiff_t>(start_));
        const std::span<const std::byte> covered = std::span(bytes_).subspan(start_ + 4);
        append(big_endian(libdeflate_crc32(0, covered.data(), covered.size())));
    }
    void put_chunk(std::string_view type, std::span<const std::byte> data) {
        begin_chunk(type);
        append(data);
        end_chunk();
    }

    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    void clear() { bytes_.clear(); }

private:
    std::vector<std::byte> bytes_;
    std::size_t start_ = 0;
};

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
void put_header(ChunkBuffer& out, Size size, Channels channels) {
    std::array<std::byte, kHeaderBytes> header{};  // deflate, the five filters, no interlace
    std::ranges::copy(big_endian(static_cast<std::uint32_t>(size.width)), header.begin());
    std::ranges::copy(big_endian(static_cast<std::uint32_t>(size.height)), header.begin() + 4);
    header[8] = std::byte{8};  // bits a sample
    header[9] = color_type(channels);
    out.put_chunk("IHDR", header);
}

void put_software(ChunkBuffer& out) { out.put_chunk("tEXt", std::as_bytes(std::span(kSoftware))); }

int compressing_threads(const PngSettings& settings) {
    // A mask is compressed before another thread has looked at it.
    return settings.filter == PngFilter::up ? 1 : thread_count(settings.threads);
}

}  // namespace

class PngWriter::Work {
public:
    Work(Size size, Channels channels, const PngSettings& settings, ByteSink sink)
        : filter_(settings.filter),
          pixel_(static_cast<std::size_t>(channels)),
          above_(static_cast<std::size_t>(size.width) * pixel_),
          sink_(std::move(sink)),
          rows_({above_.size() + 1, channels, settings.filter == PngFilter::up},
                static_cast<std::size_t>(size.height), settings.effort,
                compressing_threads(settings),
                [this](std::span<const std::byte> data) { put_image_data(data); }) {
        file_.append(kSignature);
        put_header(file_, size, channels);
        put_software(file_);
        file_.begin_chunk("IDAT");
    }

    void write_row(const std::uint8_t* row) {
        if (std::memcmp(row, above_.data(), above_.size()) == 0) {
            repeat_row();
            return;
        }
        const FilterRows rows{row, above_.data(), above_.size(), pixel_};
        if (filter_ == PngFilter::up) {
            filter_up(rows, rows_.row());
        } else {
            filter_adaptively(rows, rows_.row());
        }
        rows_.end_row(false);
        std::memcpy(above_.data(), row, above_.size());
    }

    void repeat_row() {
        filter_repeated(above_.size(), rows_.row());
        rows_.end_row(true);
    }

    void finish() {
        file_.end_chunk();
        file_.put_chunk("IEND", {});
        sink_(file_.bytes());
    }

private:
    void put_image_data(std::span<const std::byte> data) {
        file_.append(data);
        if (file_.chunk_bytes() >= kImageDataBytes) {
            file_.end_chunk();
            sink_(file_.bytes());
            file_.clear();
            file_.begin_chunk("IDAT");
        }
    }

    const PngFilter filter_;
    const std::size_t pixel_;
    /// The row before; zeros above the first.
    std::vector<std::uint8_t> above_;
    ChunkBuffer file_;
    ByteSink sink_;
    ZlibStream rows_;
};

PngWriter::PngWriter(Size size, Channels channels, const PngSettings& settings, ByteSink sink)
    : work_(std::make_unique<Work>(size, channels, settings, std::move(sink))) {}

PngWriter::~PngWriter() = default;

void PngWriter::write_row(const std::uint8_t* row) { work_->write_row(row); }

void PngWriter::repeat_row() { work_->repeat_row(); }

void PngWriter::finish() { work_->finish(); }

bool is_own_png(std::span<const std::byte> head) {
    ChunkBuffer software;
    put_software(software);
    const std::span<const std::byte> own = software.bytes();
    return head.size() >= kOwnPngHeadBytes &&
           std::memcmp(head.data(), kSignature.data(), kSignature.size()) == 0 &&
           std::memcmp(head.data() + kSoftwareStart, own.data(), own.size()) == 0;
}

}  // namespace editprep::imaging
