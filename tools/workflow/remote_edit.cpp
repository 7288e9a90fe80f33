#include "tools/workflow/remote_edit.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "editprep/imaging/composite.hpp"
#include "editprep/imaging/focus.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/model_registry.hpp"
#include "editprep/transport/openai.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/model_catalogue.hpp"
#include "tools/shared/failure.hpp"
#include "tools/workflow/focus.hpp"
#include "tools/workflow/remote_call.hpp"
#include "tools/workflow/remote_session.hpp"
#include "tools/workflow/result_files.hpp"

namespace editprep::tools {
namespace {

using imaging::MaskEncoding;

constexpr const char* kEditEndpoint = "/images/edits";
constexpr const char* kEditModelVariable = "OPENCLAW_MEDIA_EDIT_MODEL";
constexpr const char* kPlaceholderModel = "image-edit-model";
constexpr const char* kFalMaskedModel = "fal-ai/flux-pro/v1/fill";
constexpr std::array<std::string_view, 3> kOpenAiFormats{"image/png", "image/jpeg", "image/webp"};
constexpr const char* kFalEditModel = "fal-ai/nano-banana-pro/edit";

constexpr const char* kPartHint =
    "with --focus the provider's answer shows a part of the picture: what fal_client collects "
    "of it later is that part alone, not put back into the picture";

MaskEncoding to_encoding(transport::MaskConvention convention) {
    return convention == transport::MaskConvention::white_edits ? MaskEncoding::white_edits
                                                                : MaskEncoding::transparent_edits;
}

/// What the provider and the model declare, unless the user knows better.
MaskEncoding mask_encoding_for(const RemoteProvider& provider, const transport::Model* model,
                               const std::string& model_id, const EditGroup& edit) {
    if (edit.mask_encoding) {
        return *edit.mask_encoding;
    }
    if (provider.is_fal()) {
        return to_encoding(edit_fields_of(model, model_id).mask_convention);
    }
    if (provider.entry.mask_convention) {
        return to_encoding(*provider.entry.mask_convention);
    }
    return model != nullptr && model->edit ? to_encoding(model->edit->mask_convention)
                                           : MaskEncoding::transparent_edits;
}

/// Asked before anything is paid for.
void check_coverage(const imaging::Mask& mask, const RemoteGroup& options, const Story& story) {
    if (mask.empty()) {
        return;
    }
    if (imaging::selected_bounds(mask).empty()) {
        if (!options.skip_validation) {
            throw Failure(
                "the mask selects nothing, so that nothing of the answer would be kept; "
                "--skip-validation sends it all the same");
        }
        story.warn("the mask selects nothing");
    } else if (imaging::coverage_fraction(mask) == 1.0) {
        story.warn("the mask selects the whole picture: nothing of it will be kept");
    }
}

/// OpenAI's own endpoint takes three formats; others that speak its protocol may take more.
void check_formats(const std::vector<JobFile>& pictures, const RemoteProvider& provider) {
    if (provider.is_fal() || !transport::is_openai(provider.entry.base_url)) {
        return;
    }
    for (const JobFile& picture : pictures) {
        if (std::ranges::find(kOpenAiFormats, picture.media_type) == kOpenAiFormats.end()) {
            throw Failure(picture.file_name + " is " + picture.media_type +
                          ", api.openai.com takes PNG, JPEG and WebP; --skip-validation sends it "
                          "all the same");
        }
    }
}

class RemoteEdit {
public:
    RemoteEdit(const EditRequest& request, const EditSettings& settings, const Context& context,
               const Story& story)
        : request_(request), settings_(settings), context_(context), story_(story) {}

    [[nodiscard]] EditSummary run(const RemoteProvider& provider) {
        const transport::ModelRegistry registry = known_models(context_.environment);
        const bool masked = request_.mask_to_send != nullptr;
        const std::string model_id = effective_model(
            settings_.edit.model, kEditModelVariable, kPlaceholderModel,
            masked ? kFalMaskedModel : kFalEditModel, provider, context_.environment, story_);
        const transport::Model* model = registry.find(model_id);
        focus(model_id, model);
        const PlannedCall call = plan(provider, model_id, model);
        RemoteSession session(provider, context_, story_, settings_.output.quiet);
        finish_planning(call, model, remote(), session);

        const ResultFolder folder =
            make_result_folder(settings_.edit.out_dir, settings_.edit.prefix, remote(), context_);
        const RemoteAnswer answer = send(call, session);
        EditSummary summary = summarise(answer, call, provider, model_id, "image editing");
        summary.mask = request_.mask_path;
        if (focus_) {
            summary.focus = {focus_->crop, focus_->sent_size};
        }
        if (answer.ok()) {
            collect(answer, folder, session, summary);
        }
        return summary;
    }

private:
    [[nodiscard]] const RemoteGroup& remote() const { return settings_.edit.remote; }

    [[nodiscard]] bool composites() const {
        return !request_.mask.empty() && !settings_.edit.no_composite;
    }

    /// With --focus: what is sent in the place of picture and mask.
    void focus(const std::string& model_id, const transport::Model* model) {
        if (!settings_.edit.focus || request_.mask.empty()) {
            return;
        }
        focus_ = choose_focus(request_.mask,
                              settings_.edit.focus_padding.value_or(imaging::FocusPadding{}),
                              focus_wishes(model, edit_fields_of(model, model_id).image), story_);
        if (focus_) {
            sent_part_ = imaging::cut_focus(request_.source, *focus_);
        }
    }

    [[nodiscard]] std::vector<JobFile> pictures() const {
        std::vector<JobFile> files = request_.pictures();
        if (focus_) {
            files.front() = picture_part_file(sent_part_, files.front().file_name);
        }
        return files;
    }

    [[nodiscard]] JobFile mask_to_send(MaskEncoding encoding) const {
        return focus_ ? mask_part_file(imaging::cut_focus(request_.mask, *focus_), encoding,
                                       base_name(request_.mask_path.value_or("mask.png")))
                      : request_.mask_to_send(encoding);
    }

    [[nodiscard]] RemoteAnswer send(const PlannedCall& call, RemoteSession& session) const {
        try {
            return call.send(session);
        } catch (const std::exception&) {
            if (focus_) {
                story_.note(kPartHint);
            }
            throw;
        }
    }

    [[nodiscard]] PlannedCall plan(const RemoteProvider& provider, const std::string& model_id,
                                   const transport::Model* model) const {
        EditJob job{model_id, request_.prompt, pictures()};
        if (!remote().skip_validation) {
            check_formats(job.pictures, provider);
        }
        job.extra = read_extra_json(remote());
        if (focus_ && model != nullptr) {
            ask_for_size(job.extra, *model, focus_->sent_size);
        }
        check_coverage(request_.mask, remote(), story_);
        if (sends_mask(provider, model_id, model)) {
            job.mask = mask_to_send(mask_encoding_for(provider, model, model_id, settings_.edit));
        }
        if (provider.is_fal()) {
            return plan_fal_edit(fal_endpoints(context_.environment), std::move(job), model,
                                 remote(), story_);
        }
        const std::string& endpoint = settings_.edit.endpoint;
        return plan_openai_edit(provider, std::move(job),
                                endpoint.empty() ? kEditEndpoint : endpoint,
                                settings_.edit.request_form, remote());
    }

    [[nodiscard]] bool sends_mask(const RemoteProvider& provider, const std::string& model_id,
                                  const transport::Model* model) const {
        if (request_.mask_to_send == nullptr) {
            return false;
        }
        if (!provider.is_fal()) {
            return !request_.mask_for_fields_only;
        }
        if (!edit_fields_of(model, model_id).mask.empty()) {
            return true;
        }
        story_.note(model_id + " takes no mask: it sees the picture alone" +
                    (composites() ? ", and the mask decides what of its answer is kept" : ""));
        return false;
    }

    void collect(const RemoteAnswer& answer, const ResultFolder& folder, RemoteSession& session,
                 EditSummary& summary) {
        if (settings_.edit.no_download) {
            note_saved_once_printed(summary, answer, context_, story_);
            return;
        }
        if (take_earlier(answer, session, summary)) {
            preview(summary);
            return;
        }
        std::vector<std::string> provider_files;
        try {
            save_results(answer, folder, composites() ? kRawNameEnd : "", session,
                         [&](const ResultFile& file) {
                             provider_files.push_back(file.path);
                             keep(file, summary);
                         });
            note_saved(answer, provider_files, session, summary);
            shorten_response(summary);
        } catch (const std::exception& error) {
            note_failure(summary, error.what(), answer);
            if (focus_) {
                summary.hints.emplace_back(kPartHint);
            }
        }
        preview(summary);
    }

    /// The final pictures first.
    void note_saved(const RemoteAnswer& answer, const std::vector<std::string>& provider_files,
                    RemoteSession& session, const EditSummary& summary) const {
        std::vector<std::string> files;
        if (composites()) {
            files = summary.downloads;
        }
        files.insert(files.end(), provider_files.begin(), provider_files.end());
        session.note_saved(answer.job, files);
    }

    /// What an earlier run saved of the answer, when it is still there: as it is, or put under the
    /// mask where that had failed. False when the answer has to be saved.
    bool take_earlier(const RemoteAnswer& answer, RemoteSession& session, EditSummary& summary) {
        if (!answer.earlier || answer.earlier->state != transport::JobState::saved) {
            return false;
        }
        const EarlierFiles files = earlier_files(*answer.earlier, story_);
        if (!files.complete) {
            return false;
        }
        if (!files.raw.empty()) {
            summary.provider_output = files.raw.front();
        }
        if (composites() && files.results.empty()) {
            for (const std::string& path : files.raw) {
                keep({path, path.substr(0, path.rfind(kRawNameEnd))}, summary);
            }
            note_saved(answer, files.raw, session, summary);
            return true;
        }
        for (const std::string& path : files.results.empty() ? files.raw : files.results) {
            add_result(path, summary);
        }
        return true;
    }

    /// The provider's picture as the result, or under the mask.
    void keep(const ResultFile& file, EditSummary& summary) {
        if (!composites()) {
            add_result(file.path, summary);
            return;
        }
        if (!summary.provider_output) {
            summary.provider_output = file.path;
        }
        try {
            const std::string path = file.stem + ".png";
            imaging::Image answer = imaging::read_image(file.path).image;
            imaging::Image result = compose(answer);
            imaging::write_image(path, result, imaging::Overwrite::own_files);
            add_result(path, summary);
            if (result_.empty()) {
                result_ = std::move(result);
                returned_part_ = focus_ ? std::move(answer) : imaging::Image{};
            }
        } catch (const std::exception& error) {
            note_failure(summary, std::string(error.what()) +
                                      "; the provider's picture is kept: " + file.path);
        }
    }

    [[nodiscard]] imaging::Image compose(const imaging::Image& answer) const {
        const imaging::Size sent = focus_ ? focus_->sent_size : request_.source.size();
        const imaging::Size needed = focus_ ? focus_->crop.size() : request_.source.size();
        if (answer.size() != sent) {
            story_.note("the provider's picture is " + to_string(answer.size()) +
                        ", resampled to " + to_string(needed));
        }
        const imaging::Image& kept = request_.kept != nullptr ? *request_.kept : request_.source;
        return focus_ ? imaging::paste_focus(kept, answer, request_.mask, focus_->crop)
                      : imaging::composite(kept, answer, request_.mask);
    }

    static void add_result(const std::string& path, EditSummary& summary) {
        if (!summary.downloaded) {
            summary.downloaded = path;
        }
        summary.downloads.push_back(path);
    }

    void preview(EditSummary& summary) {
        if (!settings_.output.preview || request_.source.empty() || !summary.downloaded) {
            return;
        }
        try {
            if (result_.empty()) {
                result_ = imaging::read_image(*summary.downloaded).image;
            }
            save_preview(settings_.output, request_.source, preview_mask(), &result_,
                         preview_focus());
            summary.preview = preview_path(settings_.output);
        } catch (const std::exception& error) {
            note_failure(summary, error.what());
        }
    }

    /// An edit without a mask may change everything.
    [[nodiscard]] imaging::Mask preview_mask() const {
        return request_.mask.empty() ? imaging::Mask(request_.source.size(), 255) : request_.mask;
    }

    [[nodiscard]] std::optional<imaging::PreviewFocus> preview_focus() const {
        if (!focus_) {
            return std::nullopt;
        }
        const imaging::Image* returned = returned_part_.empty() ? nullptr : &returned_part_;
        return imaging::PreviewFocus{focus_->crop, &sent_part_, returned};
    }

    const EditRequest& request_;
    const EditSettings& settings_;
    const Context& context_;
    const Story& story_;
    /// Nothing when the whole picture is sent.
    std::optional<imaging::FocusPlan> focus_;
    imaging::Image sent_part_;
    /// The first answer of a focus and the first final picture, for the preview.
    imaging::Image returned_part_;
    imaging::Image result_;
};

}  // namespace

EditSummary edit_remotely(const EditRequest& request, const ProviderChoice& choice,
                          const EditSettings& settings, const Context& context,
                          const Story& story) {
    const RemoteProvider provider =
        find_provider(choice, settings.edit.config, context.environment, story,
                      {.dry_run = settings.edit.remote.dry_run, .local_counts = true});
    return RemoteEdit(request, settings, context, story).run(provider);
}

}  // namespace editprep::tools
