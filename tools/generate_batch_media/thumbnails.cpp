#include "tools/generate_batch_media/thumbnails.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <exception>
#include <fstream>
#include <new>
#include <vector>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/resize.hpp"
#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/media_type.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/poster.hpp"
#include "editprep/video/probe.hpp"
#include "tools/generate_batch_media/report_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

namespace fs = std::filesystem;
using imaging::Size;

/// 480 pixels take some 20 kB; the eye finds nothing at 90 that it misses at 80.
constexpr int kQuality = 80;
constexpr int kMostEnlargement = 8;

/// What the first bytes say; nothing where they cannot be read.
std::optional<std::string> type_of_file(const std::string& path) {
    std::array<char, 256> beginning{};
    std::ifstream stream(path, std::ios::binary);
    stream.read(beginning.data(), beginning.size());
    if (stream.bad() || (!stream && !stream.eof())) {
        return std::nullopt;
    }
    const auto count = static_cast<std::size_t>(stream.gcount());
    return std::string(transport::media_type_of(std::as_bytes(std::span(beginning).first(count))));
}

/// Of the content, the pixels, and their copy where they are turned or converted.
std::int64_t memory_for(const imaging::ImageInfo& info, std::int64_t file_bytes) {
    const bool converted =
        info.orientation != 1 || info.bits != 8 || info.cmyk || info.foreign_profile;
    const std::int64_t pixels = info.size.area() * static_cast<std::int64_t>(info.channels);
    return file_bytes + pixels * (converted ? 2 : 1);
}

/// Of some decoded frames that others are made of.
std::int64_t memory_for(const video::MediaInfo& info) {
    constexpr std::int64_t kFrames = 8;
    const std::int64_t pixels = std::int64_t{info.coded_size.width} * info.coded_size.height;
    const bool deep = info.bit_depth.value_or(8) > 8;
    return kFrames * pixels * 3 / (deep ? 1 : 2);
}

std::int64_t size_of(std::span<const std::byte> content, const std::string& path) {
    if (!content.empty()) {
        return 0;
    }
    std::error_code unknown;
    const std::uintmax_t size = fs::file_size(path, unknown);
    return unknown ? 0 : static_cast<std::int64_t>(size);
}

Size thumbnail_size(Size size, int longest_side) {
    if (std::max(size.width, size.height) > longest_side) {
        return imaging::fit_inside(size, {longest_side, longest_side});
    }
    const int longest = std::max(size.width, size.height);
    const int factor = std::clamp(longest_side / 2 / longest, 1, kMostEnlargement);
    return {size.width * factor, size.height * factor};
}

Thumbnail thumbnail_of(imaging::Image picture, int longest_side) {
    const Size full = picture.size();
    const Size size = thumbnail_size(full, longest_side);
    if (size != full) {
        picture = imaging::resize(picture, size, imaging::ResizeKernel::bicubic);
    }
    const bool transparent = imaging::has_transparency(picture);
    if (picture.has_alpha() && !transparent) {
        picture = imaging::to_rgb(picture);
    }
    imaging::WriteOptions options;
    options.quality = kQuality;
    const auto content = imaging::encode_image(picture, imaging::ImageFormat::webp, options);
    return {.uri = transport::to_data_uri(content, "image/webp"),
            .size = size,
            .full_size = full,
            .transparent = transparent};
}

imaging::Image image_of(const video::Poster& poster) {
    imaging::Image image({poster.width, poster.height}, imaging::Channels::rgb);
    std::ranges::copy(poster.rgb, image.bytes().begin());
    return image;
}

std::string facts_of(const video::MediaInfo& info) {
    std::string facts =
        std::to_string(info.display_size.width) + " × " + std::to_string(info.display_size.height);
    if (info.duration) {
        facts += " · " + seconds_text(std::chrono::duration<double>(*info.duration).count());
    }
    if (info.frame_rate) {
        facts += " · " + std::to_string(std::lround(info.frame_rate->per_second())) + " fps";
    }
    return facts + (info.has_audio ? " · with sound" : " · silent");
}

MediumView problem_view(MediumView::Kind kind, std::string problem) {
    return {.kind = kind, .problem = std::move(problem)};
}

}  // namespace

PixelMemory::Part PixelMemory::take(std::int64_t bytes) {
    const std::int64_t wanted = std::clamp<std::int64_t>(bytes, 0, total_);
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return free_ >= wanted; });
    free_ -= wanted;
    return {*this, wanted};
}

void PixelMemory::give_back(std::int64_t bytes) {
    const std::scoped_lock lock(mutex_);
    free_ += bytes;
    freed_.notify_all();
}

MediumView MediumViewer::view_of(const std::string& path) {
    std::error_code unknown;
    const fs::file_status status = fs::status(path, unknown);
    if (!fs::exists(status)) {
        return problem_view(MediumView::Kind::other, "the file is not there");
    }
    const auto type = fs::is_regular_file(status) ? type_of_file(path) : std::nullopt;
    if (!type) {
        return problem_view(MediumView::Kind::other, "the file cannot be read");
    }
    if (type->starts_with("video/")) {
        return clip(path);
    }
    if (type->starts_with("audio/")) {
        return {.facts = "sound"};
    }
    return picture({}, path);
}

MediumView MediumViewer::view_of_data_uri(const std::string& uri) {
    try {
        return picture(transport::parse_data_uri(uri).content, {});
    } catch (const transport::Error&) {
        return problem_view(MediumView::Kind::picture, "the data URI cannot be read");
    }
}

MediumView MediumViewer::picture(std::span<const std::byte> content, const std::string& path) {
    constexpr std::string_view kInline = "the picture in the data URI";
    try {
        const auto info = path.empty() ? imaging::probe_image(content, kInline)
                                       : imaging::probe_image(fs::path(path));
        const auto part = memory_.take(memory_for(info, size_of(content, path)));
        auto loaded = path.empty() ? imaging::read_image(content, kInline)
                                   : imaging::read_image(fs::path(path));
        Thumbnail thumbnail = thumbnail_of(std::move(loaded.image), longest_side_);
        std::string facts = std::to_string(thumbnail.full_size.width) + " × " +
                            std::to_string(thumbnail.full_size.height);
        return {.kind = MediumView::Kind::picture,
                .thumbnail = std::move(thumbnail),
                .facts = std::move(facts)};
    } catch (const imaging::Error& error) {
        return problem_view(MediumView::Kind::picture, error.what());
    } catch (const std::bad_alloc&) {
        return problem_view(MediumView::Kind::picture, "there is not enough memory for it");
    }
}

MediumView MediumViewer::clip(const std::string& path) {
    try {
        const video::MediaInfo info = video::probe(path);
        return {.kind = MediumView::Kind::video,
                .thumbnail = poster(path, info),
                .facts = facts_of(info)};
    } catch (const video::Error& error) {
        return problem_view(MediumView::Kind::video, error.what());
    }
}

std::optional<Thumbnail> MediumViewer::poster(const std::string& path,
                                              const video::MediaInfo& info) {
    try {
        const auto part = memory_.take(memory_for(info));
        Thumbnail thumbnail = thumbnail_of(
            image_of(video::poster_frame(path, {.longest_side = longest_side_})), longest_side_);
        thumbnail.full_size = {info.display_size.width, info.display_size.height};
        return thumbnail;
    } catch (const video::Error&) {
        return std::nullopt;
    } catch (const imaging::Error&) {
        return std::nullopt;
    } catch (const std::bad_alloc&) {
        return std::nullopt;
    }
}

}  // namespace editprep::tools::generate_batch_media
