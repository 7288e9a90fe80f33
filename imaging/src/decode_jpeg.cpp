#include "decode_jpeg.hpp"

#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
// After jpeglib.h, whose types it uses.
#include <jerror.h>

#include "exif.hpp"
#include "icc_profile.hpp"
#include "read_error.hpp"

namespace editprep::imaging {
namespace {

/// Enough for the header of nearly every file, thumbnail included.
constexpr std::size_t kFirstRead = std::size_t{64} << 10;
/// Each progressive scan walks over the whole picture, so a small file could ask for hours of work;
/// encoders make about ten, and the format's own limit is in the thousands.
constexpr int kMaxScans = 500;
constexpr unsigned kMaxMarkerBytes = 0xFFFF;
constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr int kProfileMarker = JPEG_APP0 + 2;
/// Rows asked for at a time.
constexpr int kBand = 16;

void ignore_message(j_common_ptr) {}

/// Warnings about the container, not about the pixels.
bool harmless(int warning) {
    return warning == JWRN_EXTRANEOUS_DATA || warning == JWRN_JFIF_MAJOR ||
           warning == JWRN_ADOBE_XFORM || warning == JWRN_BOGUS_ICC;
}

struct FreeDeleter {
    void operator()(void* memory) const noexcept { std::free(memory); }
};

/// libjpeg's decompressor. libjpeg reports an error by jumping out of its own frames, so every call
/// that can fail is made inside attempt(), and what happens there owns nothing.
class Decompressor {
public:
    Decompressor(std::span<const std::byte> content, std::string_view subject)
        : content_(content), subject_(subject) {
        state_.err = jpeg_std_error(&errors_);
        errors_.error_exit = stop;
        errors_.emit_message = note_warning;
        errors_.output_message = ignore_message;
        progress_.progress_monitor = stop_scan_bomb;
        // jpeg_create_decompress keeps client_data and err, and clears the rest.
        state_.client_data = this;
    }
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;
    ~Decompressor() { jpeg_destroy_decompress(&state_); }

    /// False when the header is damaged or goes on beyond the content.
    [[nodiscard]] bool read_header() {
        return attempt([this] {
            jpeg_create_decompress(&state_);
            jpeg_mem_src(&state_, reinterpret_cast<const unsigned char*>(content_.data()),
                         static_cast<unsigned long>(content_.size()));
            jpeg_save_markers(&state_, kExifMarker, kMaxMarkerBytes);
            jpeg_save_markers(&state_, kProfileMarker, kMaxMarkerBytes);
            jpeg_read_header(&state_, TRUE);
        });
    }

    [[nodiscard]] HeaderFacts facts();
    void decode(Image& image);

    [[nodiscard]] Size size() const noexcept {
        return {static_cast<int>(state_.image_width), static_cast<int>(state_.image_height)};
    }
    [[nodiscard]] bool grey() const noexcept { return state_.jpeg_color_space == JCS_GRAYSCALE; }

    [[noreturn]] void throw_failure() {
        if (errors_.msg_code == JERR_OUT_OF_MEMORY) {
            throw std::bad_alloc();
        }
        if (too_many_scans_) {
            throw_damaged("JPEG", subject_, "it has more than 500 scans");
        }
        std::array<char, JMSG_LENGTH_MAX> text{};
        errors_.format_message(common(), text.data());
        throw_damaged("JPEG", subject_, text.data());
    }

private:
    static Decompressor& of(j_common_ptr state) {
        return *static_cast<Decompressor*>(state->client_data);
    }
    [[noreturn]] static void stop(j_common_ptr state) { std::longjmp(of(state).on_error_, 1); }

    static void note_warning(j_common_ptr state, int level) {
        if (level < 0 && !harmless(state->err->msg_code)) {
            stop(state);
        }
    }

    static void stop_scan_bomb(j_common_ptr state) {
        Decompressor& self = of(state);
        if (self.state_.input_scan_number > kMaxScans) {
            self.too_many_scans_ = true;
            stop(state);
        }
    }

    [[nodiscard]] j_common_ptr common() { return reinterpret_cast<j_common_ptr>(&state_); }

    template <typename Calls>
    [[nodiscard]] bool attempt(const Calls& calls) {
        if (setjmp(on_error_) != 0) {
            return false;
        }
        calls();
        return true;
    }

    [[nodiscard]] int orientation() const noexcept;
    [[nodiscard]] bool has_foreign_profile();

    jpeg_decompress_struct state_{};
    jpeg_error_mgr errors_{};
    jpeg_progress_mgr progress_{};
    std::jmp_buf on_error_{};
    std::span<const std::byte> content_;
    std::string_view subject_;
    bool too_many_scans_ = false;
};

int Decompressor::orientation() const noexcept {
    constexpr std::string_view kExif("Exif\0\0", 6);
    for (const jpeg_saved_marker_ptr* marker = &state_.marker_list; *marker != nullptr;
         marker = &(*marker)->next) {
        const std::span<const std::byte> data(reinterpret_cast<const std::byte*>((*marker)->data),
                                              (*marker)->data_length);
        const std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
        if ((*marker)->marker == kExifMarker && text.starts_with(kExif)) {
            return exif_orientation(data);
        }
    }
    return 1;
}

bool Decompressor::has_foreign_profile() {
    JOCTET* bytes = nullptr;
    unsigned size = 0;
    boolean found = FALSE;
    if (!attempt([this, &bytes, &size, &found] {
            found = jpeg_read_icc_profile(&state_, &bytes, &size);
        })) {
        throw_failure();
    }
    const std::unique_ptr<JOCTET, FreeDeleter> owner(bytes);
    return found == TRUE && (grey() || !is_srgb({reinterpret_cast<const std::byte*>(bytes), size}));
}

HeaderFacts Decompressor::facts() {
    const J_COLOR_SPACE space = state_.jpeg_color_space;
    const bool color = space == JCS_YCbCr || space == JCS_RGB;
    HeaderFacts facts;
    facts.info.format = ImageFormat::jpeg;
    facts.info.size = size();
    facts.info.channels = grey() ? Channels::grey : Channels::rgb;
    facts.info.bits = state_.data_precision;
    facts.info.cmyk = space == JCS_CMYK || space == JCS_YCCK;
    facts.info.orientation = orientation();
    facts.info.foreign_profile = has_foreign_profile();
    if (!color && !grey() && !facts.info.cmyk) {
        throw_unsupported(
            subject_, "a JPEG of " + std::to_string(state_.num_components) + " unknown components");
    }
    facts.plain = !facts.info.cmyk && !facts.info.foreign_profile;
    return facts;
}

void Decompressor::decode(Image& image) {
    std::array<JSAMPROW, kBand> band{};
    const bool done = attempt([this, &image, &band] {
        state_.out_color_space = grey() ? JCS_GRAYSCALE : JCS_RGB;
        state_.progress = &progress_;
        jpeg_start_decompress(&state_);
        while (state_.output_scanline < state_.output_height) {
            const JDIMENSION count =
                std::min(state_.output_height - state_.output_scanline, JDIMENSION{kBand});
            for (JDIMENSION i = 0; i < count; ++i) {
                band[i] = image.row(static_cast<int>(state_.output_scanline + i));
            }
            jpeg_read_scanlines(&state_, band.data(), count);
        }
        jpeg_finish_decompress(&state_);
    });
    if (!done) {
        throw_failure();
    }
}

/// Nothing when the content is only the beginning of the header, or damaged.
std::optional<HeaderFacts> probe_beginning(std::span<const std::byte> content,
                                           std::string_view subject) {
    const auto decompressor = std::make_unique<Decompressor>(content, subject);
    if (!decompressor->read_header()) {
        return std::nullopt;
    }
    return decompressor->facts();
}

std::unique_ptr<Decompressor> open(std::span<const std::byte> content, std::string_view subject) {
    auto decompressor = std::make_unique<Decompressor>(content, subject);
    if (!decompressor->read_header()) {
        decompressor->throw_failure();
    }
    return decompressor;
}

}  // namespace

HeaderFacts probe_jpeg(EncodedSource& source) {
    if (source.size() > kFirstRead) {
        if (const auto facts = probe_beginning(source.prefix(kFirstRead), source.subject())) {
            return *facts;
        }
    }
    return open(source.whole(), source.subject())->facts();
}

Image decode_jpeg(std::span<const std::byte> content, std::string_view subject) {
    const auto decompressor = open(content, subject);
    Image image(decompressor->size(), decompressor->grey() ? Channels::grey : Channels::rgb);
    decompressor->decode(image);
    return image;
}

}  // namespace editprep::imaging
