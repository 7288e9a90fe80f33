#include "editprep/video/conform.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <fstream>
#include <functional>
#include <string>
#include <system_error>
#include <utility>

#include "conform_engine.hpp"
#include "conform_plan.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"
#include "module_loader.hpp"
#include "new_clip_file.hpp"

namespace editprep::video {
namespace {

namespace fs = std::filesystem;
using std::chrono::microseconds;

void refuse_input_as_output(const fs::path& input, const fs::path& output) {
    std::error_code missing;
    if (fs::equivalent(input, output, missing)) {
        throw Error(Errc::invalid_argument, "the output is the input: " + output.string(),
                    output.string(), "name another file");
    }
}

/// What the plan or the engine refuses is the input's fault, unless it says otherwise.
[[noreturn]] void throw_about(const fs::path& input, const fs::path& output,
                              const EngineFailure& failure) {
    if (failure.errc == Errc::write_failed) {
        throw Error(Errc::write_failed, failure.message + " (" + output.string() + ")",
                    output.string(), "free space or choose another folder");
    }
    throw_failure(failure, input.string());
}

// ---- A clip that fits

void copy_bytes(const fs::path& from, const fs::path& to, const fs::path& output,
                std::int64_t size_bytes, const ConformOptions& options) {
    constexpr std::size_t kPiece = std::size_t{1} << 20;
    std::ifstream in(from, std::ios::binary);
    std::ofstream out(to, std::ios::binary);
    std::vector<char> piece(kPiece);
    std::int64_t done = 0;
    while (in && out) {
        if (options.cancel != nullptr && options.cancel->load()) {
            throw Error(Errc::cancelled, "cancelled");
        }
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        errno = 0;
        out.write(piece.data(), in.gcount());
        done += in.gcount();
        if (options.progress && size_bytes > 0) {
            options.progress(
                std::min(1.0, static_cast<double>(done) / static_cast<double>(size_bytes)));
        }
    }
    if (in.bad() || !in.eof()) {
        throw Error(Errc::file_unreadable, "cannot read " + from.string(), from.string());
    }
    out.close();
    if (!out) {
        throw Error(Errc::write_failed,
                    "cannot write " + output.string() + ": " +
                        std::generic_category().message(errno != 0 ? errno : EIO),
                    output.string(), "free space or choose another folder");
    }
}

// ---- A clip that does not

/// One input on its way to one output.
class Conversion {
public:
    Conversion(const fs::path& input, const fs::path& output, const ClipLimits& limits,
               const ConformOptions& options)
        : input_(input), output_(output), limits_(limits), options_(options) {
        report_.before = probe(input);
    }

    /// Decides, without looking at packets.
    void plan() {
        try {
            plan_ = make_plan(report_.before, limits_, options_, output_, lessons_);
        } catch (const Error& error) {
            throw_about(input_, output_, to_failure(error));
        }
    }

    [[nodiscard]] ConformReport foretell() && {
        plan();
        report_.after = foretold(report_.before, plan_);
        tell({});
        report_.findings = preflight(report_.after, limits_);
        return std::move(report_);
    }

    [[nodiscard]] ConformReport carry_out() && {
        NewClipFile file(output_, options_.overwrite);
        plan();
        if (plan_.as_it_is) {
            copy_bytes(input_, file.part(), output_, report_.before.file_size_bytes, options_);
            report_.after = report_.before;
            report_.findings = preflight(report_.after, limits_);
        } else {
            convert(file.part());
        }
        file.publish();
        if (options_.progress) {
            options_.progress(1);
        }
        return std::move(report_);
    }

private:
    /// Until the result passes: what comes out is known only then.
    void convert(const fs::path& part) {
        constexpr int kAttempts = 5;
        for (int attempt = 1;; ++attempt) {
            TranscodeJob job = job_for(part);
            const TranscodeResult result = transcode(job);
            report_.after = probe_result(part);
            report_.findings = preflight(report_.after, limits_);
            if (is_accepted(report_.findings)) {
                tell(result);
                return;
            }
            if (attempt == kAttempts || !learn()) {
                give_up();
            }
            plan();
        }
    }

    [[nodiscard]] TranscodeJob job_for(const fs::path& part) {
        PacketSurvey survey;
        if (!plan_.encode_video) {
            survey = survey_packets();
            if (!suffices(survey)) {
                lessons_.must_encode = true;
                plan();
            }
        }
        const MediaInfo& before = report_.before;
        const MediaInfo after = foretold(before, plan_);
        return {
            .input = input_,
            .input_container = before.container,
            .output = part,
            .container = plan_.container,
            .copy_video = !plan_.encode_video,
            .copy_audio = !plan_.encode_audio,
            .start = plan_.start,
            .length = survey.video_is_whole || plan_.encode_video ? plan_.length : cut_of(survey),
            .video_packets = survey.video_packets,
            .decoding_times = std::move(survey.decoding_times),
            .size = plan_.size,
            .canvas = plan_.canvas,
            .mirrored = before.mirrored,
            .rotation_degrees = before.rotation_degrees,
            .frame_rate = plan_.frame_rate,
            .tones = plan_.tones,
            .max_video_bits_per_second = plan_.max_video_bits_per_second,
            .audio_bits_per_second = plan_.audio_bits_per_second,
            .expected_duration = after.duration.value_or(microseconds(0)),
            .progress = guarded_progress(),
            .cancel = options_.cancel};
    }

    /// What the caller's function throws waits until the engine has returned.
    [[nodiscard]] std::function<bool(double)> guarded_progress() {
        if (!options_.progress) {
            return {};
        }
        return [this](double fraction) noexcept {
            try {
                options_.progress(fraction);
                return true;
            } catch (...) {
                thrown_ = std::current_exception();
                return false;
            }
        };
    }

    [[nodiscard]] PacketSurvey survey_packets() const {
        static const auto survey_clip =
            reinterpret_cast<SurveyFunction>(module_symbol(kConformModule, kSurveySymbol));
        PacketSurvey survey;
        if (const auto failure = survey_clip({.input = input_,
                                              .input_container = report_.before.container,
                                              .limit = plan_.length,
                                              .cancel = options_.cancel},
                                             survey)) {
            throw_about(input_, output_, *failure);
        }
        return survey;
    }

    /// The sound ends with the picture.
    [[nodiscard]] std::optional<microseconds> cut_of(const PacketSurvey& survey) const {
        return plan_.length ? std::optional(survey.video_end) : std::nullopt;
    }

    /// Frames can be left out only where none of the others needs them; that may cost a few.
    [[nodiscard]] bool suffices(const PacketSurvey& survey) const {
        constexpr microseconds kMostLost{500'000};
        const bool long_enough =
            !limits_.min_seconds ||
            static_cast<double>(survey.video_end.count()) >= *limits_.min_seconds * 1e6;
        return survey.video_can_be_copied &&
               (survey.video_is_whole ||
                (long_enough && survey.video_end + kMostLost >= *plan_.length));
    }

    [[nodiscard]] TranscodeResult transcode(const TranscodeJob& job) const {
        static const auto transcode_clip =
            reinterpret_cast<TranscodeFunction>(module_symbol(kConformModule, kTranscodeSymbol));
        TranscodeResult result;
        const auto failure = transcode_clip(job, result);
        if (thrown_) {
            std::rethrow_exception(thrown_);
        }
        if (failure) {
            throw_about(input_, output_, *failure);
        }
        return result;
    }

    [[nodiscard]] MediaInfo probe_result(const fs::path& part) const {
        try {
            return probe(part);
        } catch (const Error&) {
            throw Error(Errc::cannot_conform,
                        "what was made of " + input_.string() + " cannot be read back",
                        input_.string(), "export the file again and retry");
        }
    }

    [[nodiscard]] bool breaks(Check check) const {
        return std::ranges::any_of(report_.findings, [check](const Finding& finding) {
            return finding.severity == Severity::error && finding.check == check;
        });
    }

    /// False when nothing is left to try.
    bool learn() {
        const MediaInfo& after = report_.after;
        if (breaks(Check::duration)) {
            const bool too_long =
                limits_.max_seconds && after.duration &&
                static_cast<double>(after.duration->count()) > *limits_.max_seconds * 1e6;
            if (!too_long) {
                return false;
            }
            // A frame at a time.
            const double rate = after.frame_rate ? after.frame_rate->per_second() : 25;
            lessons_.shorter += microseconds(static_cast<std::int64_t>(1e6 / rate));
            return true;
        }
        if (!plan_.encode_video) {
            lessons_.must_encode = true;
            return true;
        }
        if (breaks(Check::file_size)) {
            constexpr double kClear = 0.9;
            lessons_.bitrate_share *= kClear * static_cast<double>(*limits_.max_bytes) /
                                      static_cast<double>(after.file_size_bytes);
            return true;
        }
        return false;
    }

    [[noreturn]] void give_up() const {
        std::string reasons;
        for (const Finding& finding : report_.findings) {
            if (finding.severity == Severity::error) {
                reasons += (reasons.empty() ? "" : "; ") + finding.text();
            }
        }
        throw Error(Errc::cannot_conform,
                    "cannot make " + input_.string() + " acceptable: " + reasons, input_.string());
    }

    void tell(const TranscodeResult& result) {
        report_.changes = describe_changes(report_.before, report_.after, plan_, result);
        report_.video_reencoded = plan_.encode_video;
        report_.audio_reencoded = plan_.encode_audio;
    }

    const fs::path& input_;
    const fs::path& output_;
    const ClipLimits& limits_;
    const ConformOptions& options_;
    ConformReport report_{};
    Lessons lessons_{};
    ConformPlan plan_{};
    std::exception_ptr thrown_;
};

}  // namespace

ConformReport conform(const std::filesystem::path& input, const std::filesystem::path& output,
                      const ClipLimits& limits, const ConformOptions& options) {
    refuse_input_as_output(input, output);
    return Conversion(input, output, limits, options).carry_out();
}

ConformReport plan_conform(const std::filesystem::path& input, const std::filesystem::path& output,
                           const ClipLimits& limits, const ConformOptions& options) {
    refuse_input_as_output(input, output);
    return Conversion(input, output, limits, options).foretell();
}

}  // namespace editprep::video
