#include "conform_engine.hpp"
#include "packet_survey.hpp"
#include "pattern_source.hpp"
#include "poster_frame.hpp"
#include "quiet_log.hpp"
#include "transcode.hpp"

namespace editprep::video {
namespace {

template <class Work>
std::optional<EngineFailure> quietly(const Work& work) noexcept {
    return failure_of([&] {
        const QuietLog quiet;
        work();
    });
}

}  // namespace

extern "C" [[gnu::visibility("default")]] std::optional<EngineFailure> editprep_transcode_clip(
    const TranscodeJob& job, TranscodeResult& result) noexcept {
    return quietly([&] { result = transcode(job); });
}

extern "C" [[gnu::visibility("default")]] std::optional<EngineFailure> editprep_survey_packets(
    const SurveyJob& job, PacketSurvey& survey) noexcept {
    return quietly([&] { survey = survey_packets(job); });
}

extern "C" [[gnu::visibility("default")]] std::optional<EngineFailure> editprep_encode_pattern(
    const std::filesystem::path& output, const PatternClip& clip) noexcept {
    return quietly([&] { encode_pattern(output, clip); });
}

extern "C" [[gnu::visibility("default")]] std::optional<EngineFailure> editprep_make_poster(
    const PosterJob& job, Poster& poster) noexcept {
    return quietly([&] { poster = make_poster(job); });
}

}  // namespace editprep::video
