#include "vips_maker.hpp"

#include <dlfcn.h>
#include <stdlib.h>
#include <vips/vips.h>

#include <filesystem>
#include <memory>
#include <stdexcept>

namespace editprep::testing {
namespace {

using imaging::Image;
using imaging::Size;

struct Unref {
    void operator()(VipsImage* image) const noexcept { g_object_unref(image); }
};
using ImageRef = std::unique_ptr<VipsImage, Unref>;

[[noreturn]] void throw_vips_error() {
    const std::string message = vips_error_buffer();
    vips_error_clear();
    throw std::runtime_error("libvips: " + message);
}

void check(int status) {
    if (status != 0) {
        throw_vips_error();
    }
}

/// libvips' plug-ins lie beside it, in a folder named after its release.
void load_heif_plugin() {
    if (vips_type_find("VipsOperation", "heifload_buffer") != 0) {
        return;
    }
    Dl_info library{};
    if (::dladdr(reinterpret_cast<void*>(&vips_init), &library) == 0) {
        return;
    }
    const std::string folder =
        "vips-modules-" + std::to_string(vips_version(0)) + "." + std::to_string(vips_version(1));
    const auto plugin =
        std::filesystem::path(library.dli_fname).parent_path() / folder / "vips-heif.so";
    void* module = ::dlopen(plugin.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (module == nullptr) {
        return;
    }
    // What GLib calls in a module that it opens.
    using Register = const char* (*)(void*);
    if (void* address = ::dlsym(module, "g_module_check_init")) {
        reinterpret_cast<Register>(address)(nullptr);
    }
}

/// Without plug-ins: they take longer to load than most tests run.
void start() {
    static const bool started = [] {
        ::setenv("VIPSHOME", "/dev/null", 1);
        const bool done = vips_init("editprep-tests") == 0;
        ::unsetenv("VIPSHOME");
        return done;
    }();
    if (!started) {
        throw_vips_error();
    }
}

void start_for(const std::string& suffix) {
    start();
    if (suffix.starts_with(".heic") || suffix.starts_with(".avif")) {
        load_heif_plugin();
    }
}

/// A copy that owns its samples and may carry metadata.
ImageRef wrap(const void* samples, std::size_t bytes, Size size, int bands, VipsBandFormat format,
              VipsInterpretation space) {
    const ImageRef view(
        vips_image_new_from_memory(samples, bytes, size.width, size.height, bands, format));
    if (!view) {
        throw_vips_error();
    }
    VipsImage* copy = nullptr;
    check(vips_copy(view.get(), &copy, "interpretation", space, nullptr));
    return ImageRef(copy);
}

void set_metadata(VipsImage* image, const VipsRecipe& recipe) {
    if (recipe.orientation != 0) {
        vips_image_set_int(image, VIPS_META_ORIENTATION, recipe.orientation);
    }
    if (recipe.frames > 1) {
        vips_image_set_int(image, VIPS_META_PAGE_HEIGHT, image->Ysize / recipe.frames);
    }
    const auto profile =
        recipe.profile.empty() ? recipe.profile_bytes : vips_profile(recipe.profile);
    if (!profile.empty()) {
        vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile.data(), profile.size());
    }
}

std::vector<std::byte> save(const ImageRef& image, const VipsRecipe& recipe) {
    set_metadata(image.get(), recipe);
    void* buffer = nullptr;
    std::size_t size = 0;
    check(vips_image_write_to_buffer(image.get(), recipe.suffix.c_str(), &buffer, &size, nullptr));
    const auto* bytes = static_cast<const std::byte*>(buffer);
    std::vector<std::byte> file(bytes, bytes + size);
    g_free(buffer);
    return file;
}

VipsInterpretation space_of(int bands, const VipsRecipe& recipe, VipsInterpretation grey,
                            VipsInterpretation rgb) {
    if (recipe.cmyk) {
        return VIPS_INTERPRETATION_CMYK;
    }
    return bands <= 2 ? grey : rgb;
}

std::vector<std::uint8_t> red_and_alpha(const Image& image) {
    std::vector<std::uint8_t> samples;
    for (std::size_t i = 0; i + 3 < image.bytes().size(); i += 4) {
        samples.push_back(image.bytes()[i]);
        samples.push_back(image.bytes()[i + 3]);
    }
    return samples;
}

}  // namespace

std::vector<std::byte> encode_with_vips(const Image& image, const VipsRecipe& recipe) {
    start_for(recipe.suffix);
    std::vector<std::uint8_t> samples(image.bytes().begin(), image.bytes().end());
    int bands = image.channel_count();
    if (recipe.grey_alpha) {
        samples = red_and_alpha(image);
        bands = 2;
    }
    return save(wrap(samples.data(), samples.size(), image.size(), bands, VIPS_FORMAT_UCHAR,
                     space_of(bands, recipe, VIPS_INTERPRETATION_B_W, VIPS_INTERPRETATION_sRGB)),
                recipe);
}

std::vector<std::byte> encode_with_vips(Size size, int bands,
                                        std::span<const std::uint16_t> samples,
                                        const VipsRecipe& recipe) {
    start_for(recipe.suffix);
    return save(
        wrap(samples.data(), samples.size_bytes(), size, bands, VIPS_FORMAT_USHORT,
             space_of(bands, recipe, VIPS_INTERPRETATION_GREY16, VIPS_INTERPRETATION_RGB16)),
        recipe);
}

std::vector<std::byte> encode_with_vips(Size size, int bands, std::span<const float> samples,
                                        const VipsRecipe& recipe) {
    start_for(recipe.suffix);
    return save(wrap(samples.data(), samples.size_bytes(), size, bands, VIPS_FORMAT_FLOAT,
                     space_of(bands, recipe, VIPS_INTERPRETATION_B_W, VIPS_INTERPRETATION_scRGB)),
                recipe);
}

bool vips_can_write(const std::string& suffix) {
    try {
        const std::vector<std::uint8_t> black(std::size_t{64} * 64 * 3);
        start_for(suffix);
        const auto file = save(wrap(black.data(), black.size(), {64, 64}, 3, VIPS_FORMAT_UCHAR,
                                    VIPS_INTERPRETATION_sRGB),
                               {.suffix = suffix});
        return !file.empty();
    } catch (const std::runtime_error&) {
        return false;
    }
}

bool vips_has_started() { return g_type_from_name("VipsImage") != 0; }

std::vector<std::byte> vips_profile(const std::string& name) {
    start();
    VipsBlob* blob = nullptr;
    check(vips_profile_load(name.c_str(), &blob, nullptr));
    std::size_t size = 0;
    const auto* bytes = static_cast<const std::byte*>(vips_blob_get(blob, &size));
    std::vector<std::byte> profile(bytes, bytes + size);
    vips_area_unref(VIPS_AREA(blob));
    return profile;
}

}  // namespace editprep::testing
