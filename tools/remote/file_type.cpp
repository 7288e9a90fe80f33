#include "tools/remote/file_type.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "editprep/transport/media_type.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools {
namespace {

struct TypeOfExtension {
    std::string_view extension;
    std::string_view media_type;
};

constexpr TypeOfExtension kTypes[] = {
    {".jpg", "image/jpeg"},       {".jpeg", "image/jpeg"}, {".png", "image/png"},
    {".webp", "image/webp"},      {".gif", "image/gif"},   {".mp4", "video/mp4"},
    {".mov", "video/quicktime"},  {".webm", "video/webm"}, {".avi", "video/x-msvideo"},
    {".mkv", "video/x-matroska"},
};

}  // namespace

std::string_view type_of_name(const std::string& path) {
    const std::string extension = lower_case(std::filesystem::path(path).extension().string());
    const auto* const known = std::ranges::find(kTypes, extension, &TypeOfExtension::extension);
    return known == std::end(kTypes) ? transport::kUnknownMediaType : known->media_type;
}

}  // namespace editprep::tools
