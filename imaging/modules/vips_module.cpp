#include "vips_module.hpp"

#include <vips/vips.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

#include "vips_pixels.hpp"
#include "vips_startup.hpp"

namespace editprep::imaging {

/// An opened file: its header has been read, its pixels have not.
struct VipsPicture {
    VipsImageRef image;
    BandPlan plan;
};

namespace {

/// Kept without allocation, so that setting it cannot fail.
thread_local std::array<char, 256> last_message{};

VipsStatus fail(VipsStatus status, const char* message) noexcept {
    std::snprintf(last_message.data(), last_message.size(), "%s", message);
    return status;
}

/// The first line of libvips' account; the lines after it repeat it from the callers' side.
VipsStatus fail_as_damaged() noexcept {
    // All threads share libvips' account: this takes it in one step.
    const std::unique_ptr<char, decltype(&g_free)> account(vips_error_buffer_copy(), g_free);
    const char* text = *account != '\0' ? account.get() : "libvips cannot read it";
    const int length = static_cast<int>(std::min<std::size_t>(std::strcspn(text, "\n"), 200));
    std::snprintf(last_message.data(), last_message.size(), "%.*s", length, text);
    return VipsStatus::damaged;
}

using Loader = int (*)(void* content, std::size_t size, VipsImage** image, ...);

/// The loader of each ImageFormat. Naming them keeps every other format of libvips out of reach.
constexpr std::array<Loader, 7> kLoaders{
    vips_jpegload_buffer, vips_pngload_buffer,  vips_webpload_buffer, vips_tiffload_buffer,
    vips_gifload_buffer,  vips_heifload_buffer, vips_heifload_buffer};

const char* prepare(Loader loader) noexcept {
    if (const char* failure = start_vips()) {
        return failure;
    }
    return loader == Loader{vips_heifload_buffer} ? load_heif_plugin() : nullptr;
}

int int_field(VipsImage* image, const char* name, int otherwise) {
    int value = otherwise;
    if (vips_image_get_typeof(image, name) == 0 || vips_image_get_int(image, name, &value) != 0) {
        return otherwise;
    }
    return value;
}

int bits_of(VipsImage* image) {
    const int bits = static_cast<int>(8 * vips_format_sizeof_unsafe(image->BandFmt));
    return int_field(image, "heif-bitdepth", bits);
}

VipsFacts facts_of(const VipsPicture& picture) {
    VipsImage* image = picture.image.get();
    VipsFacts facts{};
    facts.width = image->Xsize;
    facts.height = image->Ysize;
    facts.channels = picture.plan.channels();
    facts.bits = bits_of(image);
    facts.frames = std::max(int_field(image, VIPS_META_N_PAGES, 1), 1);
    facts.orientation = vips_image_get_orientation(image);
    facts.cmyk = picture.plan.kind == BandPlan::Kind::cmyk;
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0 &&
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &facts.profile, &facts.profile_size) != 0) {
        facts.profile = nullptr;
        facts.profile_size = 0;
    }
    return facts;
}

VipsStatus open(const void* content, std::size_t size, VipsFormat format, VipsPicture** picture,
                VipsFacts* facts) noexcept {
    if (format < 0 || static_cast<std::size_t>(format) >= kLoaders.size()) {
        return fail(VipsStatus::unsupported, "a format without a loader");
    }
    const Loader loader = kLoaders[static_cast<std::size_t>(format)];
    if (const char* failure = prepare(loader)) {
        return fail(VipsStatus::unavailable, failure);
    }
    VipsImage* image = nullptr;
    if (loader(const_cast<void*>(content), size, &image, "access", VIPS_ACCESS_SEQUENTIAL,
               "fail_on", VIPS_FAIL_ON_ERROR, nullptr) != 0) {
        return fail_as_damaged();
    }
    VipsImageRef owner(image);
    const BandPlan plan = plan_bands(image);
    if (plan.kind == BandPlan::Kind::unsupported) {
        return fail(VipsStatus::unsupported, "its channels are neither grey, RGB, CMYK nor Lab");
    }
    auto* opened = new (std::nothrow) VipsPicture{std::move(owner), plan};
    if (opened == nullptr) {
        return VipsStatus::out_of_memory;
    }
    *picture = opened;
    *facts = facts_of(*opened);
    return VipsStatus::ok;
}

VipsStatus decode(VipsPicture* picture, bool use_profile, std::uint8_t* pixels,
                  bool* profile_used) noexcept {
    const VipsImageRef converted =
        to_srgb(picture->image.get(), picture->plan, use_profile, *profile_used);
    if (!converted || !store_pixels(converted.get(), picture->plan, pixels)) {
        return fail_as_damaged();
    }
    return VipsStatus::ok;
}

void close(VipsPicture* picture) noexcept {
    delete picture;
    // What libvips keeps for the calling thread; it makes it anew when it needs it.
    vips_thread_shutdown();
}

const char* message() noexcept { return last_message.data(); }

constexpr VipsTable kTable{kVipsVersion, open, decode, close, message};

}  // namespace
}  // namespace editprep::imaging

extern "C" [[gnu::visibility("default")]] const editprep::imaging::VipsTable*
editprep_vips_table() noexcept {
    return &editprep::imaging::kTable;
}
