#include "tools/provider_emulator/picture_source.hpp"

#include <httplib.h>

#include <span>

#include "editprep/imaging/error.hpp"
#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"

namespace editprep::tools::provider_emulator {
namespace {

/// 50 megapixels take 200 MB as RGBA, and several requests may run at once.
constexpr std::int64_t kMaxPixels = 50'000'000;

[[noreturn]] void refuse_download(const std::string& reason) {
    throw PictureError(PictureError::Kind::download, "Failed to download the file: " + reason);
}

std::string content_of_data_uri(std::string_view reference) {
    try {
        const transport::DataUri uri = transport::parse_data_uri(reference);
        return {reinterpret_cast<const char*>(uri.content.data()), uri.content.size()};
    } catch (const transport::Error& error) {
        refuse_download(error.what());
    }
}

std::string download(const transport::Url& url) {
    httplib::Client client(url.origin());
    client.set_connection_timeout(5);
    client.set_read_timeout(10);
    const std::string target = url.query.empty() ? url.path : url.path + '?' + url.query;
    const httplib::Result result = client.Get(target);
    if (!result || result->status != 200) {
        refuse_download(url.shown() + " gives no file");
    }
    return result->body;
}

}  // namespace

imaging::LoadedImage decode_picture(std::string_view content, std::string_view subject) {
    const imaging::ReadOptions options{.limits = {.max_pixels = kMaxPixels}};
    try {
        return imaging::read_image(std::as_bytes(std::span(content)), subject, options);
    } catch (const imaging::Error& error) {
        throw PictureError(PictureError::Kind::load,
                           std::string("Failed to load the image: ") + error.what());
    }
}

std::string fetch_reference(const FileStore& files, std::string_view reference,
                            std::string_view base_url) {
    if (transport::is_data_uri(reference)) {
        return content_of_data_uri(reference);
    }
    if (reference.starts_with(base_url)) {
        const auto file = files.find(std::string(reference.substr(base_url.size())));
        if (!file) {
            refuse_download("there is no such file, or not any more");
        }
        return file->content;
    }
    try {
        const transport::Url url = transport::parse_url(reference);
        if (url.scheme == "http" && transport::is_loopback_host(url.host)) {
            return download(url);
        }
    } catch (const transport::Error& error) {
        refuse_download(error.what());
    }
    refuse_download("the emulator fetches nothing from other machines");
}

}  // namespace editprep::tools::provider_emulator
