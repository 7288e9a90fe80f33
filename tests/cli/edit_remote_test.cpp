#include <optional>
#include <span>

#include "editprep/imaging/image_compare.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "editprep/transport/base64.hpp"
#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/job_store.hpp"
#include "emulator_process.hpp"
#include "provider_fixture.hpp"
#include "vips_maker.hpp"

/// Edits by remote providers, from the command line to the composite.
namespace editprep::testing {
namespace {

using Json = nlohmann::ordered_json;

std::string base64_of(const std::string& content) {
    return transport::encode_base64(std::as_bytes(std::span(content)));
}

Mask to_mask(const Image& image) {
    return make_mask(image.size(), [&](int x, int y) { return image.row(y)[x]; });
}

Arguments joined(Arguments arguments, const Arguments& added) {
    arguments.insert(arguments.end(), added.begin(), added.end());
    return arguments;
}

/// Everything that commands wrote down of their jobs.
std::string stored_in(const ProcessOptions& options) {
    std::string all;
    for (const auto& entry :
         std::filesystem::directory_iterator(options.environment.at("EDITPREP_STATE_DIR"))) {
        all += content_of(entry.path());
    }
    return all;
}

/// What a provider is called, and what it is asked to use.
struct RemoteCase {
    const char* name;
    Arguments arguments;
    const char* answer_size;

    friend void PrintTo(const RemoteCase& given, std::ostream* out) { *out << given.name; }
};

const RemoteCase kRemoteCases[] = {
    {"FalFill", {"--provider", "fal"}, nullptr},
    {"FalFillOtherSize", {"--provider", "fal"}, "96x80"},
    {"FalImageToImage",
     {"--provider", "fal", "--model", "fal-ai/flux/dev/image-to-image"},
     nullptr},
    {"FalNanoBananaOtherSize",
     {"--provider", "fal", "--model", "fal-ai/nano-banana-pro/edit"},
     "128x128"},
    {"OpenAi", {"--provider", "openai", "--model", "gpt-image-1.5"}, nullptr},
    {"OpenAiOtherSize", {"--provider", "openai", "--model", "gpt-image-1.5"}, "40x30"},
    {"OpenAiByJson",
     {"--provider", "openai", "--model", "gpt-image-1.5", "--request-form", "json"},
     nullptr},
};

/// Against the emulator, which disturbs every pixel that it should keep.
class RemoteEdit : public ProviderTest, public ::testing::WithParamInterface<RemoteCase> {
protected:
    RemoteEdit()
        : emulator_(
              std::filesystem::path(EDITPREP_BIN) / "provider_emulator",
              GetParam().answer_size == nullptr
                  ? Arguments{"--job-seconds", "0.1"}
                  : Arguments{"--job-seconds", "0.1", "--answer-size", GetParam().answer_size}) {
        configure({{"openai", {{"baseUrl", emulator_.url() + "/v1"}, {"apiKey", "sk-emulator"}}}});
        options.environment.merge(emulator_.fal_environment());
    }

    [[nodiscard]] Json edit(const std::string& command, const Arguments& added) const {
        const ProcessResult result =
            call(command, joined(joined(GetParam().arguments, {"--prompt", "a red ball"}),
                                 joined(added, {"--print-json", "--image", "S2.png"})));
        expect_success(result);
        const Json json = Json::parse(result.out, nullptr, false);
        return json.contains("result") ? json.at("result") : json;
    }

    [[nodiscard]] Image read(const Json& path) const {
        return imaging::read_image(file(path.get<std::string>())).image;
    }

    void expect_composite(const Json& summary, const Image& before, const Mask& mask) const {
        ASSERT_TRUE(summary.contains("downloaded")) << summary;
        const Image after = read(summary.at("downloaded"));
        ASSERT_EQ(after.size(), before.size());
        EXPECT_EQ(imaging::compare_kept(before, after, mask).changed_pixels, 0);
        EXPECT_GT(imaging::compare_kept(before, after, mask).compared_pixels, 0);
        EXPECT_GT(imaging::compare(before, after).changed_pixels, 0);
        const std::string final_name = summary.at("downloaded");
        const std::string raw_name = summary.at("provider_output");
        expect_matches(raw_name,
                       final_name.substr(0, final_name.size() - 4) + "_raw\\.(png|jpg|webp)");
        EXPECT_EQ(summary.at("composited"), true);
        EXPECT_EQ(summary.at("downloads"), Json({final_name}));
        EXPECT_GE(summary.at("job"), 1);
        if (GetParam().answer_size != nullptr) {
            EXPECT_EQ(to_string(read(raw_name).size()), GetParam().answer_size);
        }
    }

private:
    EmulatorProcess emulator_;
};

TEST_P(RemoteEdit, MaskInpaintKeepsWhatIsOutsideTheMask) {
    const Json summary = edit("mask_inpaint", {"--region", "rect:10:8:20:15"});
    expect_composite(summary, fixture_s2(), to_mask(read(summary.at("mask"))));
}

TEST_P(RemoteEdit, ObjectSelectEditKeepsWhatIsOutsideTheMask) {
    const Json summary = edit("object_select_edit", {"--threshold", "150", "--feather", "2"});
    expect_composite(summary, fixture_s2(), to_mask(read(summary.at("mask"))));
}

TEST_P(RemoteEdit, OutpaintKeepsThePicture) {
    const Json summary = edit("outpaint_image", {"--expand", "6", "--mask-out", "new.png"});
    ASSERT_TRUE(summary.contains("mask"));
    const Image source = fixture_s2();
    const Image before = make_image({73, 55}, Channels::rgb, [&](int x, int y) {
        const bool inside = x >= 6 && x < 67 && y >= 6 && y < 49;
        const std::uint8_t* pixel = source.row(inside ? y - 6 : 0) + (inside ? x - 6 : 0) * 3;
        return Color{pixel[0], pixel[1], pixel[2]};
    });
    expect_composite(summary, before, to_mask(read(summary.at("mask"))));
}

TEST_P(RemoteEdit, EditImageUnderAMask) {
    write_png_reference(file("M.png"),
                        make_mask({61, 43}, [](int x, int) { return x < 20 ? 255 : 0; }));
    const Json summary = edit("edit_image", {"--mask", "M.png"});
    expect_composite(summary, fixture_s2(), to_mask(read("M.png")));
}

INSTANTIATE_TEST_SUITE_P(Providers, RemoteEdit, ::testing::ValuesIn(kRemoteCases), CaseName{});

/// Against a server that answers as it is told, and shows what it was sent.
class RemoteRequest : public ProviderTest {
protected:
    RemoteRequest() {
        answer_with(content_of(file("S2.png")));
        write_png_reference(file("M.png"),
                            make_mask({64, 48}, [](int x, int) { return x < 32 ? 255 : 0; }));
    }

    void answer_with(const std::string& picture) {
        reply_with({{"data", {{{"b64_json", base64_of(picture)}}}}});
    }

    [[nodiscard]] ProcessResult edit(const Arguments& added,
                                     const std::string& image = "S1.png") const {
        return call("edit_image",
                    joined({"--image", image, "--prompt", "p", "--model", "e"}, added));
    }

    [[nodiscard]] std::vector<RecordedPart> sent_parts() const {
        return parts_of(requests().at(0));
    }

    [[nodiscard]] Image sent_picture(std::size_t part) const {
        const std::string content = sent_parts().at(part).content;
        return imaging::read_image(std::as_bytes(std::span(content)), "sent").image;
    }
};

TEST_F(RemoteRequest, MaskIsTransparentWhereOpenAiEdits) {
    expect_success(edit({"--mask", "M.png"}));
    const Image sent = sent_picture(3);
    ASSERT_EQ(sent.channels(), Channels::rgba);
    EXPECT_EQ(sent.row(0)[3], 0);
    EXPECT_EQ(sent.row(0)[63 * 4 + 3], 255);
    // The file of the user stays as it is.
    EXPECT_EQ(read_png_reference(file("M.png")).channels(), Channels::grey);
}

TEST_F(RemoteRequest, MaskEncodingOfTheCallAndOfTheProvider) {
    const std::string mask = content_of(file("M.png"));
    expect_success(edit({"--mask", "M.png", "--mask-encoding", "white-edits"}));
    EXPECT_EQ(sent_parts().at(3).content, mask);

    configure({{"alpha",
                {{"baseUrl", url() + "/v1"}, {"apiKey", "k"}, {"maskEncoding", "white-edits"}}}});
    expect_success(edit({"--mask", "M.png"}));
    EXPECT_EQ(parts_of(requests().at(1)).at(3).content, mask);
    expect_success(edit({"--mask", "M.png", "--mask-encoding", "transparent-edits"}));
    EXPECT_NE(parts_of(requests().at(2)).at(3).content, mask);
}

TEST_F(RemoteRequest, MaskWithTransparencyPassesUnchanged) {
    const Mask mask = to_mask(read_png_reference(file("M.png")));
    write_png_reference(file("A.png"),
                        imaging::encode_mask(mask, imaging::MaskEncoding::transparent_edits));
    expect_success(edit({"--mask", "A.png"}));
    EXPECT_EQ(sent_parts().at(3).content, content_of(file("A.png")));
    // For an endpoint that wants grey it is turned.
    expect_success(edit({"--mask", "A.png", "--mask-encoding", "white-edits"}));
    const std::string content = parts_of(requests().at(1)).at(3).content;
    const Image sent = imaging::read_image(std::as_bytes(std::span(content)), "sent").image;
    EXPECT_EQ(to_mask(sent), mask);
}

TEST_F(RemoteRequest, MaskOfAnotherSizeIsRefused) {
    expect_error_line(edit({"--mask", "M1.png"}), "^ERROR: .*M1\\.png is 32x24.*S1\\.png is 64x48");
    EXPECT_TRUE(requests().empty());
}

TEST_F(RemoteRequest, MaskOfNothingIsNotPaidFor) {
    write_png_reference(file("none.png"), Mask({64, 48}, 0));
    expect_error_line(edit({"--mask", "none.png"}), "^ERROR: the mask selects nothing");
    EXPECT_TRUE(requests().empty());
    const ProcessResult sent = edit({"--mask", "none.png", "--skip-validation"});
    expect_success(sent);
    EXPECT_NE(sent.err.find("WARN: the mask selects nothing"), std::string::npos);
}

TEST_F(RemoteRequest, RotatedPictureIsSentUprightUnderAMask) {
    const Image picture = noise_image({48, 64}, Channels::rgb);
    const auto jpeg = encode_with_vips(picture, {.suffix = ".jpg", .orientation = 6});
    const std::string bytes(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
    write_text(file("turned.jpg"), bytes);
    expect_success(edit({"--mask", "M.png"}, "turned.jpg"));
    EXPECT_EQ(sent_parts().at(2).file_name, "turned.png");
    EXPECT_EQ(sent_parts().at(2).media_type, "image/png");
    EXPECT_EQ(sent_picture(2).size(), (Size{64, 48}));

    expect_success(edit({}, "turned.jpg"));
    const RecordedPart unmasked = parts_of(requests().at(1)).at(2);
    EXPECT_EQ(unmasked.content, bytes);
    EXPECT_EQ(unmasked.file_name, "turned.jpg");
    EXPECT_EQ(unmasked.media_type, "image/jpeg");
}

TEST_F(RemoteRequest, SeveralImagesAndFurtherFields) {
    expect_success(edit({"--image", "S2.png", "--extra-json",
                         R"({"size":"1024x1024","quality":"high","seed":7,"model":"x"})"}));
    const auto parts = sent_parts();
    std::vector<std::string> names;
    for (const RecordedPart& part : parts) {
        names.push_back(part.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"model", "prompt", "image[]", "image[]", "size",
                                               "quality", "seed"}));
    EXPECT_EQ(parts.at(0).content, "x");
    EXPECT_EQ(parts.at(2).file_name, "S1.png");
    EXPECT_EQ(parts.at(3).content, content_of(file("S2.png")));
    EXPECT_EQ(parts.at(6).content, "7");
}

TEST_F(RemoteRequest, JsonForm) {
    expect_success(
        edit({"--mask", "M.png", "--request-form", "json", "--extra-json", R"({"n":1})"}));
    const RecordedRequest sent = requests().at(0);
    EXPECT_EQ(sent.header("Content-Type"), "application/json");
    const Json body = Json::parse(sent.body);
    EXPECT_EQ(keys_of(body), (std::vector<std::string>{"model", "prompt", "images", "mask", "n"}));
    EXPECT_EQ(body.at("n"), 1);
    const transport::DataUri picture =
        transport::parse_data_uri(body.at("images").at(0).at("image_url").get<std::string>());
    EXPECT_EQ(picture.media_type, "image/png");
    EXPECT_EQ(picture.content.size(), content_of(file("S1.png")).size());
    EXPECT_TRUE(transport::is_data_uri(body.at("mask").at("image_url").get<std::string>()));
}

TEST_F(RemoteRequest, SeveralResultsAreAllSaved) {
    const std::string picture = base64_of(content_of(file("S1.png")));
    const std::string other = base64_of(content_of(file("S2.png")));
    reply_with({{"data", {{{"b64_json", picture}}, {{"b64_json", other}}}}});
    const Json json =
        Json::parse(edit({"--mask", "M.png", "--extra-json", R"({"n":2})", "--print-json"}).out);
    ASSERT_EQ(json.at("downloads").size(), 2U);
    EXPECT_EQ(json.at("downloaded"), json.at("downloads").at(0));
    EXPECT_EQ(new_files().size(), 2U + 2U + 1U);

    const Json generated =
        Json::parse(call("generate_image", {"--prompt", "p", "--model", "m", "--n", "2",
                                            "--print-json", "--out-dir", "g"})
                        .out);
    ASSERT_EQ(generated.at("downloads").size(), 2U);
    EXPECT_EQ(generated.at("downloaded"), generated.at("downloads").at(0));
}

TEST_F(RemoteRequest, NoCompositeKeepsTheProvidersPicture) {
    const Json json = Json::parse(edit({"--mask", "M.png", "--no-composite", "--print-json"}).out);
    EXPECT_TRUE(json.at("provider_output").is_null());
    EXPECT_EQ(json.at("composited"), false);
    EXPECT_EQ(content_of(file(json.at("downloaded"))), content_of(file("S2.png")));
}

TEST_F(RemoteRequest, PreviewShowsTheComposite) {
    const Json json =
        Json::parse(edit({"--mask", "M.png", "--preview", "p.png", "--print-json"}).out);
    EXPECT_EQ(json.at("preview"), "p.png");
    EXPECT_GT(read_png_reference(file("p.png")).width(), 128);
    expect_success(edit({"--preview", "q.png"}));
    EXPECT_TRUE(std::filesystem::exists(file("q.png")));
}

TEST_F(RemoteRequest, FailedDownloadLosesNoAnswer) {
    reply_with({{"data", {{{"url", url() + "/media/gone.png"}}}}});
    for (const std::string command : {"edit_image", "generate_image"}) {
        Arguments arguments{"--prompt", "p", "--model", "m"};
        if (command == "edit_image") {
            arguments.insert(arguments.end(), {"--image", "S1.png"});
        }
        const ProcessResult plain = call(command, arguments);
        EXPECT_EQ(plain.exit_code, 1);
        const auto lines = lines_of(plain.out);
        ASSERT_EQ(lines.size(), 4U) << plain.out << plain.err;
        EXPECT_EQ(lines[0], "STATUS: 200");
        EXPECT_NE(lines[1].find("/media/gone.png"), std::string::npos);
        EXPECT_TRUE(lines[2].starts_with("HINT: ")) << lines[2];
        EXPECT_NE(lines[2].find("404"), std::string::npos) << lines[2];
        EXPECT_NE(lines[3].find("fal_client collect"), std::string::npos) << lines[3];

        arguments.push_back("--print-json");
        const ProcessResult result = call(command, arguments);
        EXPECT_EQ(result.exit_code, 1);
        const Json json = Json::parse(result.out);
        EXPECT_EQ(json.at("ok"), true);
        EXPECT_TRUE(json.at("downloaded").is_null());
        EXPECT_EQ(json.at("hints").size(), 2U);
    }
    EXPECT_EQ(new_files(), std::vector<std::string>{"M.png"});
}

TEST_F(RemoteRequest, AnswerWithoutMediaIsPrintedToo) {
    reply_with({{"data", Json::array()}});
    const ProcessResult result = edit({});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(result.out.starts_with(
        "STATUS: 200\n{\"data\": []}\nHINT: no media reference found in response\n"))
        << result.out;
}

TEST_F(RemoteRequest, PictureThatCannotBeReadIsKept) {
    const std::string whole = content_of(file("S2.png"));
    answer_with(whole.substr(0, whole.size() / 2));
    const ProcessResult result = edit({"--mask", "M.png", "--print-json"});
    EXPECT_EQ(result.exit_code, 1);
    const Json json = Json::parse(result.out);
    EXPECT_TRUE(json.at("downloaded").is_null());
    const std::string raw = json.at("provider_output");
    expect_matches(raw, "tmp/images/edited_[0-9a-f]{8}_raw\\.png");
    EXPECT_EQ(content_of(file(raw)), whole.substr(0, whole.size() / 2));
    EXPECT_NE(json.at("hints").at(0).get<std::string>().find(raw), std::string::npos);
}

TEST_F(RemoteRequest, ResultThatFitsNowhereIsPrintedWhole) {
    write_png_reference(file("noise.png"), noise_image({400, 270}, Channels::rgb));
    const std::string picture = content_of(file("noise.png"));
    answer_with(picture);
    // Neither the picture nor the job store's copy of the answer.
    options.largest_file_bytes = 150'000;
    const ProcessResult result = edit({"--out-dir", "out"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(result.out.starts_with("STATUS: 200\n")) << result.err;
    EXPECT_NE(result.out.find(base64_of(picture)), std::string::npos);
    EXPECT_NE(result.out.find("\nHINT: "), std::string::npos);
    EXPECT_EQ(result.out.find("DOWNLOADED"), std::string::npos);
    EXPECT_TRUE(std::filesystem::is_empty(file("out")));
}

TEST_F(RemoteRequest, DryRunSendsNothingAndShowsNoSecret) {
    const ProcessResult result = edit({"--mask", "M.png", "--dry-run"});
    expect_success(result);
    EXPECT_TRUE(requests().empty());
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json.at("url"), url() + "/v1/images/edits");
    EXPECT_EQ(json.at("headers").at("Authorization"), "Bearer ***");
    EXPECT_EQ(keys_of(json.at("body")),
              (std::vector<std::string>{"model", "prompt", "image", "mask"}));
    EXPECT_EQ(json.at("body").at("image").at("file_name"), "S1.png");
    EXPECT_EQ((result.out + result.err).find("k-alpha"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(options.environment.at("EDITPREP_STATE_DIR")));

    const ProcessResult generated =
        call("generate_image", {"--prompt", "p", "--model", "m", "--dry-run"});
    expect_success(generated);
    EXPECT_EQ(Json::parse(generated.out).at("body").dump(), R"({"model":"m","prompt":"p"})");
    EXPECT_TRUE(requests().empty());
}

TEST_F(RemoteRequest, CostThatIsUnknownOrTooHighIsNotSpent) {
    const ProcessResult unknown = edit({"--max-cost", "1"});
    EXPECT_EQ(unknown.exit_code, 3);
    EXPECT_EQ(unknown.out, "");
    EXPECT_TRUE(requests().empty());
    options.environment["FAL_KEY"] = "id:secret-of-the-key";
    const ProcessResult dear =
        call("generate_image", {"--prompt", "p", "--provider", "fal", "--max-cost", "0"});
    EXPECT_EQ(dear.exit_code, 3);
    EXPECT_EQ(dear.out, "");
    EXPECT_EQ(edit({"--max-cost", "cheap"}).exit_code, 2);
}

TEST_F(RemoteRequest, EchoedKeyIsNotPrinted) {
    configure({{"alpha", {{"baseUrl", url() + "/v1"}, {"apiKey", "canary-0123456789"}}}});
    reply_with({{"error", "wrong key canary-0123456789"}}, 401);
    const ProcessResult result = edit({});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ((result.out + result.err).find("canary-0123456789"), std::string::npos);
}

TEST_F(RemoteRequest, EchoedKeyIsNotStored) {
    const std::string key = "canary-0123456789";
    configure({{"alpha", {{"baseUrl", url() + "/v1"}, {"apiKey", key}}}});
    for (const int status : {200, 401, 500}) {
        reply_with({{"error", "this is " + key}, {"data", {{{"revised_prompt", key}}}}}, status);
        const ProcessResult result = edit({"--no-download", "--print-json"});
        EXPECT_EQ((result.out + result.err).find(key), std::string::npos) << result.err;
        EXPECT_EQ(stored_in(options).find(key), std::string::npos) << status;
    }
}

TEST_F(RemoteRequest, PayloadsAndKeysOfExtraFieldsAreSentButNeitherShownNorStored) {
    const std::string payload(4'000, 'Q');
    const std::string extra = Json({{"input_reference", "data:image/png;base64," + payload},
                                    {"options", {{"api_key", "plain-word-0123"}}}})
                                  .dump();
    const std::string part = payload.substr(0, 200);
    for (const char* form : {"multipart", "json"}) {
        const Arguments added{"--request-form", form, "--extra-json", extra};
        const ProcessResult shown = edit(joined(added, {"--dry-run"}));
        expect_success(shown);
        EXPECT_EQ(shown.out.find(part), std::string::npos);
        EXPECT_EQ(shown.out.find("plain-word-0123"), std::string::npos) << shown.out;
        EXPECT_NE(shown.out.find("(3000 bytes, sha256"), std::string::npos) << shown.out;
        expect_success(edit(added));
        EXPECT_NE(requests().back().body.find(payload), std::string::npos);
        EXPECT_NE(requests().back().body.find("plain-word-0123"), std::string::npos);
        EXPECT_EQ(stored_in(options).find(part), std::string::npos);
        EXPECT_EQ(stored_in(options).find("plain-word-0123"), std::string::npos);
    }
}

TEST_F(RemoteRequest, ServersThatGaveUpMayHaveDoneTheWork) {
    using transport::JobState;
    const auto state_after = [&](Reply reply) {
        reply_with(std::move(reply));
        const ProcessResult result = edit({"--print-json"});
        EXPECT_EQ(result.exit_code, 1);
        const std::string folder = options.environment.at("EDITPREP_STATE_DIR");
        const std::int64_t id = Json::parse(result.out).at("job");
        return transport::JobStore::open(folder + "/jobs.db").find(id).value().state;
    };
    for (const int status : {408, 500, 502, 503, 504, 524}) {
        EXPECT_EQ(state_after({.status = status, .body = "{}"}), JobState::unknown_outcome)
            << status;
    }
    for (const int status : {400, 401, 422, 501}) {
        EXPECT_EQ(state_after({.status = status, .body = "{}"}), JobState::refused) << status;
    }
    EXPECT_EQ(state_after({.status = 503, .body = "{}", .headers = {{"Retry-After", "1"}}}),
              JobState::refused);
}

TEST_F(RemoteRequest, DeepExtraJsonIsRefused) {
    for (const std::size_t levels : {std::size_t{501}, std::size_t{1'000'000}}) {
        const std::string list = std::string(levels, '[') + std::string(levels, ']');
        write_text(file("deep.json"), R"({"a":)" + list + "}");
        expect_error_line(edit({"--extra-json-file", "deep.json"}),
                          "^invalid JSON in --extra-json-file deep\\.json: .*nested too deeply");
    }
    const std::string list = std::string(30'000, '[') + std::string(30'000, ']');
    expect_error_line(call("generate_image", {"--prompt", "p", "--model", "m", "--extra-json",
                                              R"({"a":)" + list + "}"}),
                      "^invalid --extra-json: .*nested too deeply");
    EXPECT_TRUE(requests().empty());
}

TEST_F(RemoteRequest, StreamedAnswerIsTheLastPicture) {
    const std::string last = content_of(file("S1.png"));
    const auto event = [](const std::string& type, const std::string& picture) {
        return "event: " + type +
               "\ndata: " + Json({{"type", type}, {"b64_json", base64_of(picture)}}).dump() +
               "\n\n";
    };
    reply_with(Reply{.body = event("image_edit.partial_image", content_of(file("S2.png"))) +
                             event("image_edit.completed", last),
                     .content_type = "text/event-stream"});
    const Arguments streamed{"--print-json", "--extra-json",
                             R"({"stream":true,"partial_images":1})"};
    const ProcessResult edited = edit(joined(streamed, {"--request-form", "json"}));
    expect_success(edited);
    EXPECT_EQ(content_of(file(Json::parse(edited.out).at("downloaded").get<std::string>())), last);
    const ProcessResult made =
        call("generate_image", joined(streamed, {"--prompt", "p", "--model", "m"}));
    expect_success(made);
    EXPECT_EQ(content_of(file(Json::parse(made.out).at("downloaded").get<std::string>())), last);
    EXPECT_EQ(requests().size(), 2U);

    expect_error_line(edit(streamed), "^ERROR: stream .*--request-form json");
    EXPECT_EQ(requests().size(), 2U);
}

TEST_F(RemoteRequest, ProtectedResultIsFetchedWithTheKey) {
    serve("/v1/files/x.png", {.status = 401, .body = "{}"});
    reply_with({{"data", {{{"url", url() + "/v1/files/x.png"}}}}});
    EXPECT_EQ(edit({}).exit_code, 1);
    const auto sent = requests();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_FALSE(sent[1].has_header("Authorization"));
    EXPECT_EQ(sent[2].header("Authorization"), "Bearer k-alpha");
}

/// A queue that finishes every job at once, for what fal is sent.
class FalRequestTest : public ProviderTest {
protected:
    FalRequestTest() {
        options.environment["FAL_KEY"] = "fal-id:fal-secret";
        for (const char* name : {"RUN", "QUEUE", "REST", "API"}) {
            options.environment[std::string("EDITPREP_FAL_") + name + "_URL"] = url();
        }
        reply_with({{"status", "IN_QUEUE"}, {"request_id", "r1"}, {"queue_position", 0}});
        serve("/media/a.png", {.body = content_of(file("S1.png")), .content_type = "image/png"});
    }

    /// By a model whose price is known to fal's list alone.
    [[nodiscard]] ProcessResult edit_for(const char* max_cost) const {
        return call("edit_image", {"--image", "S1.png", "--prompt", "p", "--provider", "fal",
                                   "--timeout", "1", "--max-cost", max_cost});
    }

    void serve_app(const std::string& app) {
        serve("/" + app + "/requests/r1/status",
              {.body = R"({"status":"COMPLETED","request_id":"r1"})"});
        serve("/" + app + "/requests/r1",
              {.body = Json({{"images", {{{"url", url() + "/media/a.png"}}}}}).dump()});
    }

    [[nodiscard]] ProcessResult inpaint(const Arguments& added) const {
        return call("mask_inpaint", joined({"--image", "S1.png", "--prompt", "p", "--provider",
                                            "fal", "--region", "rect:4:4:20:20", "--feather", "0"},
                                           added));
    }

    [[nodiscard]] Json sent_input() const { return Json::parse(requests().at(0).body); }
};

TEST_F(FalRequestTest, MaskIsGreyAndWhereTheModelWantsIt) {
    serve_app("fal-ai/flux-pro");
    const ProcessResult result = inpaint({"--print-json"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json.at("provider"), "fal");
    EXPECT_EQ(json.at("model"), "fal-ai/flux-pro/v1/fill");
    EXPECT_EQ(json.at("endpoint"), url() + "/fal-ai/flux-pro/v1/fill");
    EXPECT_EQ(requests().at(0).header("Authorization"), "Key fal-id:fal-secret");

    const Json input = sent_input();
    EXPECT_EQ(input.at("prompt"), "p");
    const transport::DataUri mask =
        transport::parse_data_uri(input.at("mask_url").get<std::string>());
    EXPECT_EQ(mask.media_type, "image/png");
    const Image sent = imaging::read_image(mask.content, "mask").image;
    ASSERT_EQ(sent.channels(), Channels::grey);
    EXPECT_EQ(sent.row(5)[5], 255);
    EXPECT_EQ(sent.row(40)[40], 0);
    const transport::DataUri picture =
        transport::parse_data_uri(input.at("image_url").get<std::string>());
    EXPECT_EQ(picture.content.size(), content_of(file("S1.png")).size());
}

TEST_F(FalRequestTest, ModelWithoutAMaskGetsThePictureAlone) {
    serve_app("fal-ai/nano-banana-pro");
    const ProcessResult result = inpaint({"--model", "fal-ai/nano-banana-pro/edit"});
    expect_success(result);
    EXPECT_NE(result.err.find("takes no mask"), std::string::npos) << result.err;
    const Json input = sent_input();
    EXPECT_FALSE(input.contains("mask_url"));
    ASSERT_TRUE(input.at("image_urls").is_array());
    EXPECT_EQ(input.at("image_urls").size(), 1U);
}

TEST_F(FalRequestTest, EditWithoutAMaskUsesNanoBanana) {
    serve_app("fal-ai/nano-banana-pro");
    const ProcessResult result = call("edit_image", {"--image", "S1.png", "--image", "S2.png",
                                                     "--prompt", "p", "--provider", "fal"});
    expect_success(result);
    EXPECT_EQ(requests().at(0).target, "/fal-ai/nano-banana-pro/edit");
    EXPECT_EQ(sent_input().at("image_urls").size(), 2U);
}

TEST_F(FalRequestTest, InputThatDoesNotFitIsRefusedUnlessTold) {
    const ProcessResult refused = inpaint({"--extra-json", R"({"num_imagez":2})"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("num_imagez"), std::string::npos) << refused.err;
    EXPECT_TRUE(requests().empty());
    serve_app("fal-ai/flux-pro");
    expect_success(inpaint({"--extra-json", R"({"num_imagez":2})", "--skip-validation"}));
    EXPECT_EQ(sent_input().at("num_imagez"), 2);
}

TEST_F(FalRequestTest, GenerationInFalsWords) {
    serve_app("fal-ai/flux");
    const ProcessResult result =
        call("generate_image", {"--prompt", "p", "--provider", "fal", "--size", "512x256", "--n",
                                "2", "--seed", "7", "--print-json"});
    expect_success(result);
    EXPECT_EQ(requests().at(0).target, "/fal-ai/flux/dev");
    EXPECT_EQ(sent_input().dump(),
              R"({"prompt":"p","image_size":{"width":512,"height":256},"num_images":2,"seed":7})");
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json.at("request"), sent_input());
    EXPECT_FALSE(json.at("downloaded").is_null());
}

TEST_F(FalRequestTest, DryRunShowsTheInputWithoutItsPayloads) {
    const ProcessResult result = inpaint({"--dry-run"});
    expect_success(result);
    EXPECT_TRUE(requests().empty());
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json.at("url"), url() + "/fal-ai/flux-pro/v1/fill");
    EXPECT_EQ(json.at("headers").at("Authorization"), "Key ***");
    expect_matches(json.at("body").at("image_url"),
                   R"(data:image/png;base64,\.\.\. \([0-9]+ bytes, sha256 [0-9a-f]+(\.\.\.)?\))");
    EXPECT_EQ(result.out.find("fal-secret"), std::string::npos);
}

TEST_F(FalRequestTest, AFillIsPricedByThePictureThatComesBack) {
    // 64x48 counts as one megapixel, 1025x1024 as two.
    EXPECT_DOUBLE_EQ(Json::parse(inpaint({"--dry-run"}).out).at("cost_usd").get<double>(), 0.05);
    write_png_reference(file("large.png"), Image({1025, 1024}, Channels::rgb));
    const Json large = Json::parse(inpaint({"--dry-run", "--image", "large.png"}).out);
    EXPECT_DOUBLE_EQ(large.at("cost_usd").get<double>(), 0.1);
    const Json unknown = Json::parse(
        inpaint({"--dry-run", "--extra-json", R"({"image_url":"https://a/b.png"})"}).out);
    EXPECT_TRUE(unknown.at("cost_usd").is_null());

    // A size that the user names counts, not the picture's.
    const Json named = Json::parse(inpaint({"--dry-run", "--skip-validation", "--extra-json",
                                            R"({"image_size":{"width":1025,"height":1024}})"})
                                       .out);
    EXPECT_DOUBLE_EQ(named.at("cost_usd").get<double>(), 0.1);

    const ProcessResult dear = inpaint({"--max-cost", "0.04"});
    EXPECT_EQ(dear.exit_code, 3);
    EXPECT_NE(dear.err.find("about $0.05 (https://fal.ai/"), std::string::npos) << dear.err;
    EXPECT_TRUE(requests().empty());
    serve_app("fal-ai/flux-pro");
    expect_success(inpaint({"--max-cost", "0.05"}));
}

TEST_F(FalRequestTest, APriceThatIsNotKnownHereIsLookedUpInFalsList) {
    serve_app("fal-ai/nano-banana-pro");
    serve("/models/pricing", {.body = R"({"prices":[]})"});
    const ProcessResult unknown = edit_for("1");
    EXPECT_EQ(unknown.exit_code, 3);
    EXPECT_EQ(lines_of(unknown.err).back(),
              "ERROR: no price is known for fal-ai/nano-banana-pro/edit, also not by fal's price "
              "list, so --max-cost cannot be kept; state the price in the file $EDITPREP_MODELS, "
              "or leave --max-cost out to send all the same");

    serve("/models/pricing",
          {.body = R"({"prices":[{"endpoint_id":"fal-ai/nano-banana-pro/edit","unit_price":0.15,)"
                   R"("unit":"images","currency":"USD"}],"next_cursor":null,"has_more":false})"});
    const ProcessResult dear = edit_for("0.1");
    EXPECT_EQ(dear.exit_code, 3);
    EXPECT_NE(dear.err.find("about $0.15 (fal's price list, now)"), std::string::npos) << dear.err;
    expect_success(edit_for("0.15"));
}

TEST_F(FalRequestTest, APriceListThatFailsIsToldWithItsWordsAndWhatToDo) {
    const auto last_line = [&] { return lines_of(edit_for("1").err).back(); };
    const std::string begin =
        "ERROR: no price is known for fal-ai/nano-banana-pro/edit, and fal tells no prices: HTTP ";
    serve("/models/pricing", {.status = 401, .body = R"({"detail":"no such key"})"});
    EXPECT_EQ(last_line(), begin +
                               "401, no such key, so --max-cost cannot be kept; check the fal "
                               "key and the account's balance");
    EXPECT_EQ(requests().size(), 1U);
    serve("/models/pricing", {.status = 500, .body = R"({"detail":"broken"})"});
    const ProcessResult broken = edit_for("1");
    EXPECT_EQ(broken.exit_code, 3);
    EXPECT_TRUE(broken.err.starts_with("NOTE: ")) << broken.err;
    EXPECT_EQ(lines_of(broken.err).back(),
              begin +
                  "500, broken, so --max-cost cannot be kept; try again later, or state the "
                  "price in the file $EDITPREP_MODELS");
    EXPECT_EQ(requests().size(), 3U);

    const RawServer silent([](int socket) {
        read_request(socket);
        read_request(socket);
    });
    options.environment["EDITPREP_FAL_API_URL"] = silent.url();
    const std::string unheard = last_line();
    EXPECT_NE(unheard.find("and fal's price list could not be asked: "), std::string::npos)
        << unheard;
    EXPECT_EQ(silent.connections(), 2);
}

TEST_F(FalRequestTest, PayloadsOfExtraFieldsAreNotShown) {
    const std::string payload(4'000, 'Q');
    const ProcessResult result =
        inpaint({"--dry-run", "--skip-validation", "--extra-json",
                 Json({{"other_url", "data:image/png;base64," + payload}}).dump()});
    expect_success(result);
    EXPECT_EQ(result.out.find(payload.substr(0, 200)), std::string::npos);
    EXPECT_NE(result.out.find("(3000 bytes, sha256"), std::string::npos) << result.out;
}

TEST_F(FalRequestTest, KeyThatTheStorageEchoesIsNeitherPrintedNorStored) {
    write_png_reference(file("large.png"), noise_image({400, 400}, Channels::rgb));
    for (const char* echo : {"fal-id:fal-secret", "fal-secret"}) {
        reply_with({{"detail", std::string("no user for Key ") + echo}}, 401);
        for (const char* image : {"large.png", "S1.png"}) {
            const ProcessResult result =
                call("edit_image", {"--image", image, "--prompt", "p", "--provider", "fal"});
            EXPECT_EQ(result.exit_code, 1);
            EXPECT_EQ((result.out + result.err).find("fal-secret"), std::string::npos)
                << result.out << result.err;
        }
        EXPECT_EQ(stored_in(options).find("fal-secret"), std::string::npos);
    }
    EXPECT_EQ(requests().front().target, "/storage/upload/initiate?storage_type=fal-cdn-v3");
}

TEST_F(FalRequestTest, FailedJobIsAnHttpFailure) {
    serve("/fal-ai/flux-pro/requests/r1/status",
          {.body = R"({"status":"COMPLETED","error":"no","error_type":"bad_request"})"});
    const ProcessResult failed = inpaint({});
    EXPECT_EQ(failed.exit_code, 1);
    EXPECT_TRUE(failed.out.starts_with("STATUS: 500\n{\"status\":\"COMPLETED\",\"error\":\"no\""))
        << failed.out;
    EXPECT_EQ(failed.out.find("MASK_USED"), std::string::npos);

    serve_app("fal-ai/flux-pro");
    serve("/fal-ai/flux-pro/requests/r1", {.status = 422, .body = R"({"detail":"no"})"});
    EXPECT_EQ(inpaint({}).out, "STATUS: 422\n{\"detail\":\"no\"}\n");
}

using ProviderOrder = ProviderTest;

TEST_F(ProviderOrder, FalServesWhereNothingIsConfigured) {
    options.environment.erase("OPENCLAW_CONFIG");
    options.environment["FAL_KEY"] = "fal-id:fal-secret";
    const ProcessResult result = call("generate_image", {"--prompt", "p", "--dry-run"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out).at("provider"), "fal");
}

TEST_F(ProviderOrder, NothingAtAllNamesTheWaysToGoOn) {
    options.environment.erase("OPENCLAW_CONFIG");
    for (const char* command : {"generate_image", "outpaint_image"}) {
        Arguments arguments{"--prompt", "p"};
        if (command == std::string("outpaint_image")) {
            arguments.insert(arguments.end(), {"--image", "S1.png", "--expand", "2"});
        }
        const ProcessResult result = call(command, arguments);
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_EQ(result.out, "");
        EXPECT_TRUE(result.err.starts_with("config not found: ")) << result.err;
        for (const char* way : {"--config", "OPENCLAW_CONFIG", "FAL_KEY"}) {
            EXPECT_NE(result.err.find(way), std::string::npos) << way << '\n' << result.err;
        }
        // It makes no pictures from prompts.
        EXPECT_EQ(result.err.find("--provider local") != std::string::npos,
                  command == std::string("outpaint_image"))
            << result.err;
    }
}

TEST_F(ProviderOrder, ConfigurationComesBeforeAFalKey) {
    options.environment["FAL_KEY"] = "fal-id:fal-secret";
    const ProcessResult result = call("generate_image", {"--prompt", "p", "--dry-run"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out).at("provider"), "alpha");
}

}  // namespace
}  // namespace editprep::testing
