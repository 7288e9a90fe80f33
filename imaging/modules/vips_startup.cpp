#include "vips_startup.hpp"

#include <gmodule.h>
#include <vips/vips.h>
// After vips.h, whose macros it uses.
#include <vips/vector.h>

#include <cstdlib>
#include <string>

namespace editprep::imaging {
namespace {

constexpr const char* kHomeVariable = "VIPSHOME";
/// A path below a device cannot exist, and nobody can make it.
constexpr const char* kNoHome = "/dev/null";
/// Two would convert a CMYK picture of 11 megapixels in .32 instead of .57 s. But when one of them
/// fails while another one takes work, libvips 8.14 may abort: "assertion failed: (!pool->stop)".
constexpr int kThreads = 1;

/// libvips loads every plug-in below its home folder when it starts, which takes as long as loading
/// libvips, and puts ImageMagick and others within reach of untrusted files. There is no call that
/// prevents it, so its home is hidden while it starts. (vips_init writes that variable as well.)
class HiddenHome {
public:
    HiddenHome() {
        if (const char* value = std::getenv(kHomeVariable)) {
            previous_ = value;
            was_set_ = true;
        }
        ::setenv(kHomeVariable, kNoHome, 1);
    }
    HiddenHome(const HiddenHome&) = delete;
    HiddenHome& operator=(const HiddenHome&) = delete;
    ~HiddenHome() {
        if (was_set_) {
            ::setenv(kHomeVariable, previous_.c_str(), 1);
        } else {
            ::unsetenv(kHomeVariable);
        }
    }

private:
    std::string previous_;
    bool was_set_ = false;
};

void ignore_log(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

bool start() {
    const HiddenHome hidden;
    g_log_set_handler("VIPS", static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK | G_LOG_FLAG_RECURSION),
                      ignore_log, nullptr);
    if (vips_init("editprep") != 0) {
        vips_error_clear();
        return false;
    }
    vips_block_untrusted_set(TRUE);
    vips_cache_set_max(0);
    vips_concurrency_set(kThreads);
    // Its run-time compiler would leave a short-lived executable file in the home folder.
    vips_vector_set_enabled(FALSE);
    return true;
}

bool has_heif_loader() { return vips_type_find("VipsOperation", "heifload_buffer") != 0; }

const char* load_heif() {
    if (!has_heif_loader()) {
        GModule* plugin =
            g_module_open(EDITPREP_VIPS_PLUGIN_FOLDER "/vips-heif.so", G_MODULE_BIND_LAZY);
        if (plugin == nullptr) {
            return "libvips' plug-in for HEIF and AVIF is not installed";
        }
        g_module_make_resident(plugin);
    }
    // Asked for by name, whatever libvips thinks of it.
    vips_operation_block_set("VipsForeignLoadHeif", FALSE);
    return has_heif_loader() ? nullptr : "libvips' plug-in for HEIF and AVIF does not start";
}

}  // namespace

const char* start_vips() noexcept {
    static const bool started = start();
    return started ? nullptr : "libvips does not start";
}

const char* load_heif_plugin() noexcept {
    static const char* const failure = load_heif();
    return failure;
}

}  // namespace editprep::imaging
