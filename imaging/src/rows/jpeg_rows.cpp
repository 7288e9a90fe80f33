#include "rows/jpeg_rows.hpp"

#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
// After jpeglib.h, whose types they use.
#include <jerror.h>
#include <jpegint.h>

#include "bits/bit_mask.hpp"
#include "block_reader.hpp"
#include "exif.hpp"
#include "icc_profile.hpp"
#include "read_error.hpp"
#include "rows/decoded_rows.hpp"

namespace editprep::imaging {
namespace {

/// Each progressive scan walks over the whole picture, so a small file could ask for hours of work;
/// encoders make about ten, and the format's own limit is in the thousands.
constexpr int kMaxScans = 500;
constexpr unsigned kMaxMarkerBytes = 0xFFFF;
constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr int kProfileMarker = JPEG_APP0 + 2;
/// Rows handed out at a time: what a row of blocks gives with the usual chroma of half height.
constexpr std::size_t kBand = 16;

void ignore_message(j_common_ptr) {}
void ignore_call(j_decompress_ptr) {}

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
    explicit Decompressor(const EncodedSource& source)
        : subject_(source.subject()), blocks_(source) {
        state_.err = jpeg_std_error(&errors_);
        errors_.error_exit = stop;
        errors_.emit_message = note_warning;
        errors_.output_message = ignore_message;
        progress_.progress_monitor = stop_scan_bomb;
        input_.init_source = ignore_call;
        input_.fill_input_buffer = fill_input;
        input_.skip_input_data = skip_input;
        input_.resync_to_restart = jpeg_resync_to_restart;
        input_.term_source = ignore_call;
        // jpeg_create_decompress keeps client_data and err, and clears the rest.
        state_.client_data = this;
    }
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;
    ~Decompressor() { jpeg_destroy_decompress(&state_); }

    /// Before everything else.
    void read_header() {
        attempt([this] {
            jpeg_create_decompress(&state_);
            state_.src = &input_;
            jpeg_save_markers(&state_, kExifMarker, kMaxMarkerBytes);
            jpeg_save_markers(&state_, kProfileMarker, kMaxMarkerBytes);
            jpeg_read_header(&state_, TRUE);
        });
    }

    [[nodiscard]] HeaderFacts facts();

    /// Before the first rows. Of a progressive file it reads every scan.
    void start();
    /// So many of the next rows, packed; at most kBand.
    void read_rows(std::uint8_t* out, std::size_t count);
    /// Whether the rows come from luma and chroma.
    [[nodiscard]] bool judges() const noexcept {
        return state_.jpeg_color_space == JCS_YCbCr && state_.out_color_space == JCS_RGB;
    }
    /// After start(); what RowReader says.
    void judge_by(const DistanceBounds& bounds, int end);
    /// Of the rows that were read last.
    [[nodiscard]] std::span<const WordVerdict> verdicts() const noexcept {
        return {verdicts_.data(), judged_ * judge_.words()};
    }
    /// After the last row.
    void finish() {
        attempt([this] { jpeg_finish_decompress(&state_); });
    }

    [[nodiscard]] Size size() const noexcept {
        return {static_cast<int>(state_.image_width), static_cast<int>(state_.image_height)};
    }
    [[nodiscard]] bool grey() const noexcept { return state_.jpeg_color_space == JCS_GRAYSCALE; }

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

    static boolean fill_input(j_decompress_ptr state) {
        Decompressor& self = of(reinterpret_cast<j_common_ptr>(state));
        if (!self.take_block()) {
            self.errors_.msg_code = JWRN_JPEG_EOF;
            stop(self.common());
        }
        return TRUE;
    }

    static void skip_input(j_decompress_ptr state, long count) {
        Decompressor& self = of(reinterpret_cast<j_common_ptr>(state));
        const auto skipped = static_cast<std::size_t>(std::max(count, 0L));
        const std::size_t here = std::min(skipped, self.input_.bytes_in_buffer);
        self.input_.next_input_byte += here;
        self.input_.bytes_in_buffer -= here;
        self.blocks_.skip(skipped - here);
    }

    /// False at the end of the file, and when it cannot be read: no exception may pass through
    /// libjpeg's frames, so this one waits in failure_.
    bool take_block() noexcept {
        try {
            const auto block = blocks_.take(BlockReader::kBlockBytes);
            input_.next_input_byte = reinterpret_cast<const JOCTET*>(block.data());
            input_.bytes_in_buffer = block.size();
            return !block.empty();
        } catch (...) {
            failure_ = std::current_exception();
            return false;
        }
    }

    /// In libjpeg's place. No exception may leave it, either.
    static void convert(j_decompress_ptr state, JSAMPIMAGE planes, JDIMENSION first, JSAMPARRAY out,
                        int count) {
        Decompressor& self = of(reinterpret_cast<j_common_ptr>(state));
        // It calls with as many rows as share their chroma.
        for (int i = 0; i < count; i += 2) {
            self.convert_rows(planes, first + static_cast<JDIMENSION>(i), out + i,
                              std::min(count - i, 2));
        }
    }
    void convert_rows(JSAMPIMAGE planes, JDIMENSION first, JSAMPARRAY out, int count) noexcept;
    void convert_words(JSAMPIMAGE planes, JDIMENSION row, JSAMPROW out, std::size_t first,
                       std::size_t last);

    template <typename Calls>
    void attempt(const Calls& calls) {
        if (setjmp(on_error_) != 0) {
            throw_failure();
        }
        calls();
    }

    [[noreturn]] void throw_failure();
    [[nodiscard]] j_common_ptr common() { return reinterpret_cast<j_common_ptr>(&state_); }
    [[nodiscard]] int orientation() const noexcept;
    [[nodiscard]] bool has_foreign_profile();

    jpeg_decompress_struct state_{};
    jpeg_error_mgr errors_{};
    jpeg_progress_mgr progress_{};
    jpeg_source_mgr input_{};
    std::jmp_buf on_error_{};
    std::string_view subject_;
    BlockReader blocks_;
    std::exception_ptr failure_;
    bool too_many_scans_ = false;

    decltype(jpeg_color_deconverter::color_convert) convert_all_ = nullptr;
    /// Only rows before that are judged.
    JDIMENSION end_ = 0;
    WordJudge judge_{0};
    std::vector<WordVerdict> verdicts_;
    /// The first of the rows that are being read, and how many of them have their verdicts.
    std::size_t first_ = 0;
    std::size_t judged_ = 0;
};

void Decompressor::throw_failure() {
    if (failure_) {
        std::rethrow_exception(failure_);
    }
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
    attempt(
        [this, &bytes, &size, &found] { found = jpeg_read_icc_profile(&state_, &bytes, &size); });
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

void Decompressor::start() {
    state_.out_color_space = grey() ? JCS_GRAYSCALE : JCS_RGB;
    state_.progress = &progress_;
    attempt([this] { jpeg_start_decompress(&state_); });
}

void Decompressor::read_rows(std::uint8_t* out, std::size_t count) {
    const std::size_t stride = std::size_t{state_.output_width} * (grey() ? 1 : 3);
    std::array<JSAMPROW, kBand> rows{};
    for (std::size_t i = 0; i < count; ++i) {
        rows[i] = out + i * stride;
    }
    first_ = state_.output_scanline;
    judged_ = 0;
    attempt([this, count, &rows] {
        for (std::size_t done = 0; done < count;) {
            done += jpeg_read_scanlines(&state_, rows.data() + done,
                                        static_cast<JDIMENSION>(count - done));
        }
    });
}

/// libjpeg's modules call each other through pointers, so that one can stand in for another. This
/// one gets its rows before and after libjpeg makes colours of them.
void Decompressor::judge_by(const DistanceBounds& bounds, int end) {
    if (state_.output_scanline == state_.output_height) {
        // After the last row the modules are gone.
        return;
    }
    end_ = static_cast<JDIMENSION>(end);
    if (convert_all_ == nullptr) {
        judge_ = WordJudge(state_.output_width);
        verdicts_.resize(kBand * judge_.words());
        convert_all_ = std::exchange(state_.cconvert->color_convert, convert);
    }
    judge_.set_bounds(bounds);
}

/// One row or two, which share their verdicts.
void Decompressor::convert_rows(JSAMPIMAGE planes, JDIMENSION first, JSAMPARRAY out,
                                int count) noexcept {
    const std::size_t words = judge_.words();
    const auto last = first + static_cast<JDIMENSION>(count) - 1;
    WordVerdict* const verdicts = verdicts_.data() + judged_ * words;
    if (first_ + judged_ + static_cast<std::size_t>(count) <= end_) {
        const auto plane = [&](int i) { return PlaneRows{planes[i][first], planes[i][last]}; };
        judge_.judge({plane(0), plane(1), plane(2)}, verdicts);
    } else {
        std::fill_n(verdicts, words, WordVerdict::open);
    }
    if (count == 2) {
        std::copy_n(verdicts, words, verdicts + words);
    }
    judged_ += static_cast<std::size_t>(count);
    for_each_run(verdicts, words, [&](WordVerdict verdict, std::size_t from, std::size_t to) {
        for (JDIMENSION row = first; verdict == WordVerdict::open && row <= last; ++row) {
            convert_words(planes, row, out[row - first], from, to);
        }
    });
}

void Decompressor::convert_words(JSAMPIMAGE planes, JDIMENSION row, JSAMPROW out, std::size_t first,
                                 std::size_t last) {
    const std::size_t left = first * BitMask::kWordBits;
    const std::size_t right = std::min<std::size_t>(last * BitMask::kWordBits, state_.output_width);
    std::array<JSAMPROW, 3> samples = {planes[0][row] + left, planes[1][row] + left,
                                       planes[2][row] + left};
    std::array<JSAMPARRAY, 3> shifted = {&samples[0], &samples[1], &samples[2]};
    out += 3 * left;
    // It converts so many pixels.
    const JDIMENSION width =
        std::exchange(state_.output_width, static_cast<JDIMENSION>(right - left));
    convert_all_(&state_, shifted.data(), 0, &out, 1);
    state_.output_width = width;
}

std::unique_ptr<Decompressor> open(const EncodedSource& source) {
    auto decompressor = std::make_unique<Decompressor>(source);
    decompressor->read_header();
    return decompressor;
}

class JpegRows : public DecodedRows {
public:
    JpegRows(std::unique_ptr<Decompressor> decompressor, Size size, Channels channels)
        : DecodedRows(size, channels, kBand), decompressor_(std::move(decompressor)) {}

    [[nodiscard]] bool judges() const noexcept override { return decompressor_->judges(); }
    void judge_by(const DistanceBounds& bounds, int end) override {
        decompressor_->judge_by(bounds, end);
    }
    [[nodiscard]] std::span<const WordVerdict> verdicts() const noexcept override {
        return decompressor_->verdicts();
    }

private:
    void decode(std::uint8_t* out, std::size_t rows) override {
        for (std::size_t done = 0; done < rows; done += kBand) {
            decompressor_->read_rows(out + done * stride(), std::min(kBand, rows - done));
        }
    }
    void finish() override { decompressor_->finish(); }

    std::unique_ptr<Decompressor> decompressor_;
};

}  // namespace

HeaderFacts probe_jpeg(const EncodedSource& source) { return open(source)->facts(); }

std::unique_ptr<RowReader> jpeg_rows(const EncodedSource& source, const HeaderFacts& facts) {
    auto decompressor = open(source);
    const Channels channels = decompressor->grey() ? Channels::grey : Channels::rgb;
    if (decompressor->size() != facts.info.size || channels != facts.info.channels) {
        // Another process has written into the file since it was probed.
        throw_damaged("JPEG", source.subject(), "its header contradicts itself");
    }
    decompressor->start();
    return std::make_unique<JpegRows>(std::move(decompressor), facts.info.size, channels);
}

}  // namespace editprep::imaging
