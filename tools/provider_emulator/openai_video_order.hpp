#pragma once

#include <httplib.h>

#include <functional>
#include <map>
#include <string>

#include "tools/provider_emulator/openai_request.hpp"
#include "tools/provider_emulator/video_jobs.hpp"

/// Reading and checking the requests that make videos. OpenAI's own models (`sora-...`) are as
/// strict as they were; with any other, numbers may be numbers and further fields are ignored, as
/// compatible servers do. All throw Refusal.
namespace editprep::tools::provider_emulator {

/// A request in either form.
struct VideoForm {
    /// Those of a multipart form are texts, `video[id]` an object.
    Json fields = Json::object();
    /// Parts with a file name.
    std::map<std::string, InputFile> files{};
};

[[nodiscard]] VideoForm read_video_form(const httplib::Request& request);

/// For `POST /videos`.
/// @param base_url this emulator's
[[nodiscard]] VideoOrder order_to_create(const VideoForm& form, const FileStore& files,
                                         const std::string& base_url);

/// The order of a completed job, its clip with it, by the job's id.
using FindOrder = std::function<VideoOrder(const std::string& id)>;

/// For `POST /videos/edits`: the clip is given back.
[[nodiscard]] VideoOrder order_to_edit(const VideoForm& form, const FindOrder& find);

/// For `POST /videos/extensions`: as long as both together.
[[nodiscard]] VideoOrder order_to_extend(const VideoForm& form, const FindOrder& find);

/// For `POST /videos/{id}/remix`.
[[nodiscard]] VideoOrder order_to_remix(const VideoForm& form, const std::string& id,
                                        const FindOrder& find);

}  // namespace editprep::tools::provider_emulator
