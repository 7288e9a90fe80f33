#include "encode_jpeg.hpp"

#include <jerror.h>
#include <jpeglib.h>

#include <array>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it and does not say so
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "editprep/imaging/error.hpp"

namespace editprep::imaging {
namespace {

constexpr int kFullColorFromQuality = 90;

/// libjpeg's state with the two things it calls back for: errors and room for output. It reports an
/// error by jumping back to compress(), so nothing with a destructor may live between there and
/// here.
struct Encoder {
    jpeg_compress_struct state{};
    jpeg_error_mgr errors{};
    jpeg_destination_mgr destination{};
    std::jmp_buf on_error{};
    bool out_of_memory = false;
    std::array<JOCTET, 64 * 1024> block{};
    std::vector<std::byte> file;

    Encoder() = default;
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;
    ~Encoder() { jpeg_destroy_compress(&state); }
};

Encoder& encoder_of(j_compress_ptr state) { return *static_cast<Encoder*>(state->client_data); }

[[noreturn]] void stop(j_common_ptr state) {
    std::longjmp(static_cast<Encoder*>(state->client_data)->on_error, 1);
}

void ignore_message(j_common_ptr) {}

void start_block(j_compress_ptr state) {
    Encoder& encoder = encoder_of(state);
    encoder.destination.next_output_byte = encoder.block.data();
    encoder.destination.free_in_buffer = encoder.block.size();
}

void keep(Encoder& encoder, std::size_t size) noexcept {
    try {
        const auto* bytes = reinterpret_cast<const std::byte*>(encoder.block.data());
        encoder.file.insert(encoder.file.end(), bytes, bytes + size);
    } catch (const std::bad_alloc&) {
        encoder.out_of_memory = true;
    }
}

void keep_or_stop(j_compress_ptr state, std::size_t size) {
    keep(encoder_of(state), size);
    if (encoder_of(state).out_of_memory) {
        std::longjmp(encoder_of(state).on_error, 1);
    }
}

boolean keep_full_block(j_compress_ptr state) {
    keep_or_stop(state, encoder_of(state).block.size());
    start_block(state);
    return TRUE;
}

void keep_last_block(j_compress_ptr state) {
    const Encoder& encoder = encoder_of(state);
    keep_or_stop(state, encoder.block.size() - encoder.destination.free_in_buffer);
}

void set_up(Encoder& encoder) {
    encoder.state.err = jpeg_std_error(&encoder.errors);
    encoder.errors.error_exit = stop;
    encoder.errors.output_message = ignore_message;
    // jpeg_create_compress keeps client_data and err, and clears the rest.
    encoder.state.client_data = &encoder;
    jpeg_create_compress(&encoder.state);
    encoder.destination.init_destination = start_block;
    encoder.destination.empty_output_buffer = keep_full_block;
    encoder.destination.term_destination = keep_last_block;
    encoder.state.dest = &encoder.destination;
}

J_COLOR_SPACE input_layout(Channels channels) {
    switch (channels) {
        case Channels::grey:
            return JCS_GRAYSCALE;
        case Channels::rgb:
            return JCS_RGB;
        case Channels::rgba:
            break;
    }
    return JCS_EXT_RGBX;
}

void configure(jpeg_compress_struct& state, const Image& image, int quality) {
    state.image_width = static_cast<JDIMENSION>(image.width());
    state.image_height = static_cast<JDIMENSION>(image.height());
    state.input_components = image.channel_count();
    state.in_color_space = input_layout(image.channels());
    jpeg_set_defaults(&state);
    jpeg_set_quality(&state, quality, TRUE);
    state.optimize_coding = TRUE;
    if (quality >= kFullColorFromQuality) {
        state.comp_info[0].h_samp_factor = 1;
        state.comp_info[0].v_samp_factor = 1;
    }
}

bool compress(Encoder& encoder, const Image& image, int quality) {
    if (setjmp(encoder.on_error) != 0) {
        return false;
    }
    set_up(encoder);
    configure(encoder.state, image, quality);
    jpeg_start_compress(&encoder.state, TRUE);
    while (encoder.state.next_scanline < encoder.state.image_height) {
        // libjpeg takes rows as non-const and only reads them.
        auto* row = const_cast<JSAMPLE*>(image.row(static_cast<int>(encoder.state.next_scanline)));
        jpeg_write_scanlines(&encoder.state, &row, 1);
    }
    jpeg_finish_compress(&encoder.state);
    return true;
}

[[noreturn]] void throw_failure(Encoder& encoder) {
    if (encoder.out_of_memory || encoder.errors.msg_code == JERR_OUT_OF_MEMORY) {
        throw std::bad_alloc();
    }
    std::array<char, JMSG_LENGTH_MAX> text{};
    encoder.errors.format_message(reinterpret_cast<j_common_ptr>(&encoder.state), text.data());
    throw Error(Errc::invalid_argument,
                "the picture cannot be written as JPEG: " + std::string(text.data()));
}

void check(const Image& image, int quality) {
    if (quality < 1 || quality > 100) {
        throw Error(Errc::invalid_argument,
                    "JPEG quality must be 1 to 100, not " + std::to_string(quality), "quality");
    }
    if (image.width() > JPEG_MAX_DIMENSION || image.height() > JPEG_MAX_DIMENSION) {
        throw Error(Errc::limit_exceeded,
                    "a JPEG file holds at most 65500 pixels a side, the picture has " +
                        std::to_string(image.width()) + "x" + std::to_string(image.height()),
                    {}, "write PNG");
    }
    if (has_transparency(image)) {
        throw Error(Errc::invalid_argument, "JPEG cannot hold the picture's transparency", {},
                    "write PNG or WebP");
    }
}

}  // namespace

std::vector<std::byte> encode_jpeg(const Image& image, int quality) {
    check(image, quality);
    const auto encoder = std::make_unique<Encoder>();
    if (!compress(*encoder, image, quality)) {
        throw_failure(*encoder);
    }
    return std::move(encoder->file);
}

}  // namespace editprep::imaging
