#include "encode_webp.hpp"

#include <webp/encode.h>

#include <new>
#include <string>

#include "editprep/imaging/error.hpp"

namespace editprep::imaging {
namespace {

/// libwebp's 0 (fast) to 9 (small). Level 6 takes three times as long for a few percent.
constexpr int kLosslessLevel = 3;

class Picture {
public:
    Picture() {
        if (WebPPictureInit(&picture_) == 0) {
            throw Error(Errc::unsupported_format,
                        "libwebp has another version than editprep expects");
        }
    }
    Picture(const Picture&) = delete;
    Picture& operator=(const Picture&) = delete;
    ~Picture() { WebPPictureFree(&picture_); }

    [[nodiscard]] WebPPicture* operator->() noexcept { return &picture_; }
    [[nodiscard]] WebPPicture* get() noexcept { return &picture_; }

private:
    WebPPicture picture_{};
};

/// libwebp's callback for output; 0 stops the encoder with BAD_WRITE.
int append(const std::uint8_t* data, std::size_t size, const WebPPicture* picture) noexcept {
    try {
        auto& file = *static_cast<std::vector<std::byte>*>(picture->custom_ptr);
        const auto* bytes = reinterpret_cast<const std::byte*>(data);
        file.insert(file.end(), bytes, bytes + size);
        return 1;
    } catch (const std::bad_alloc&) {
        return 0;
    }
}

WebPConfig make_config(const WebpSettings& settings) {
    WebPConfig config{};
    bool valid = WebPConfigInit(&config) != 0;
    if (settings.lossless) {
        valid = valid && WebPConfigLosslessPreset(&config, kLosslessLevel) != 0;
        config.exact = 1;
    } else {
        config.quality = static_cast<float>(settings.quality);
    }
    if (!valid || WebPValidateConfig(&config) == 0) {
        throw Error(Errc::invalid_argument, "libwebp refuses the settings");
    }
    return config;
}

void import_pixels(const Image& image, Picture& picture) {
    const auto import = image.has_alpha() ? WebPPictureImportRGBA : WebPPictureImportRGB;
    if (import(picture.get(), image.bytes().data(), static_cast<int>(image.stride())) == 0) {
        throw std::bad_alloc();
    }
}

[[noreturn]] void throw_failure(WebPEncodingError code) {
    if (code == VP8_ENC_ERROR_OUT_OF_MEMORY || code == VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY ||
        code == VP8_ENC_ERROR_BAD_WRITE) {
        throw std::bad_alloc();
    }
    throw Error(Errc::invalid_argument,
                "the picture cannot be written as WebP (libwebp error " +
                    std::to_string(static_cast<int>(code)) + ")",
                {}, "write PNG");
}

void check(const Image& image, const WebpSettings& settings) {
    if (!settings.lossless && (settings.quality < 1 || settings.quality > 100)) {
        throw Error(Errc::invalid_argument,
                    "WebP quality must be 1 to 100, not " + std::to_string(settings.quality),
                    "quality");
    }
    if (image.width() > WEBP_MAX_DIMENSION || image.height() > WEBP_MAX_DIMENSION) {
        throw Error(Errc::limit_exceeded,
                    "a WebP file holds at most 16383 pixels a side, the picture has " +
                        std::to_string(image.width()) + "x" + std::to_string(image.height()),
                    {}, "write PNG");
    }
}

std::vector<std::byte> encode_color(const Image& image, const WebpSettings& settings) {
    const WebPConfig config = make_config(settings);
    std::vector<std::byte> file;
    Picture picture;
    picture->width = image.width();
    picture->height = image.height();
    picture->use_argb = settings.lossless ? 1 : 0;
    import_pixels(image, picture);
    picture->writer = append;
    picture->custom_ptr = &file;
    if (WebPEncode(&config, picture.get()) == 0) {
        throw_failure(picture->error_code);
    }
    return file;
}

}  // namespace

std::vector<std::byte> encode_webp(const Image& image, const WebpSettings& settings) {
    check(image, settings);
    return image.channels() == Channels::grey ? encode_color(to_rgb(image), settings)
                                              : encode_color(image, settings);
}

}  // namespace editprep::imaging
