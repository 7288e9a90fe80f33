#include <span>

#include "editprep/transport/base64.hpp"
#include "provider_fixture.hpp"

/// Cases C52 to C72: the commands against an OpenAI-compatible provider.
namespace editprep::testing {
namespace {

class ContractProvider : public ProviderTest {
protected:
    ContractProvider() {
        serve_png("/media/a.png", "S2.png");
        reply_with({{"created", 1}, {"data", {{{"url", url() + "/media/a.png?sig=1&x=2"}}}}});
    }

    [[nodiscard]] ProcessResult generate(const Arguments& added) const {
        Arguments arguments{"--prompt", "p", "--model", "m"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return call("generate_image", arguments);
    }

    [[nodiscard]] ProcessResult edit(const std::string& command, const Arguments& added) const {
        Arguments arguments{"--image", "S1.png", "--prompt", "p", "--model", "e"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return call(command, arguments);
    }

    void write_mask() const {
        write_png_reference(file("M.png"), make_mask({64, 48}, [](int x, int y) {
                                return x >= 4 && x < 24 && y >= 4 && y < 24 ? 255 : 0;
                            }));
    }
};

const Arguments kRegion{"--x", "4", "--y", "4", "--width", "20", "--height", "20"};

Arguments with(Arguments arguments, const Arguments& added) {
    arguments.insert(arguments.end(), added.begin(), added.end());
    return arguments;
}

std::vector<std::string> names_of(const std::vector<RecordedPart>& parts) {
    std::vector<std::string> names;
    for (const RecordedPart& part : parts) {
        names.push_back(part.name);
    }
    return names;
}

TEST_F(ContractProvider, C52GeneratesAndDownloadsWithoutTheKey) {
    const ProcessResult result = call(
        "generate_image", {"--prompt", "url", "--size", "1024x1024", "--n", "2", "--seed", "7"});
    expect_success(result);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 3U) << result.out;
    EXPECT_EQ(lines[0], "STATUS: 200");
    EXPECT_EQ(lines[1],
              R"({"created": 1, "data": [{"url": ")" + url() + R"(/media/a.png?sig=1&x=2"}]})");
    expect_matches(lines[2], "DOWNLOADED: tmp/images/generated_[0-9a-f]{8}\\.png");
    EXPECT_EQ(content_of(file(lines[2].substr(12))), content_of(file("S2.png")));
    EXPECT_TRUE(result.err.starts_with("WARN: using placeholder model 'image-model'."))
        << result.err;
    EXPECT_NE(result.err.find("--model"), std::string::npos);
    EXPECT_NE(result.err.find("OPENCLAW_MEDIA_IMAGE_MODEL"), std::string::npos);

    const auto sent = requests();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].method, "POST");
    EXPECT_EQ(sent[0].target, "/v1/images/generations");
    EXPECT_EQ(sent[0].header("Authorization"), "Bearer k-alpha");
    EXPECT_EQ(sent[0].header("Content-Type"), "application/json");
    EXPECT_EQ(Json::parse(sent[0].body).dump(),
              R"({"model":"image-model","prompt":"url","size":"1024x1024","n":2,"seed":7})");
    EXPECT_EQ(sent[1].target, "/media/a.png?sig=1&x=2");
    EXPECT_FALSE(sent[1].has_header("Authorization"));
}

TEST_F(ContractProvider, C53SummaryHasItsKeysInOrder) {
    const ProcessResult result = generate({"--print-json"});
    expect_success(result);
    EXPECT_EQ(result.err, "");
    const Json json = Json::parse(result.out);
    EXPECT_EQ(result.out, json.dump(2) + '\n');
    EXPECT_EQ(keys_of(json),
              (std::vector<std::string>{"status", "ok", "model", "provider", "endpoint", "request",
                                        "response", "downloaded", "hints"}));
    EXPECT_EQ(json.at("provider"), "alpha");
    EXPECT_EQ(json.at("model"), "m");
    EXPECT_EQ(json.at("endpoint"), url() + "/v1/images/generations");
    EXPECT_EQ(json.at("hints"), Json::array());
}

TEST_F(ContractProvider, C54RefusalIsPrintedAsItCame) {
    reply_with(Reply{.status = 400, .body = "{\"error\":  {\"message\": \"no\"}}"});
    const ProcessResult result = generate({});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(result.out,
              "STATUS: 400\n{\"error\":  {\"message\": \"no\"}}\n"
              "HINT: check provider-specific payload fields, model name, and extra-json "
              "contents\n");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(ContractProvider, C55TextBodyIsAString) {
    reply_with(Reply{.status = 415, .body = "unsupported", .content_type = "text/plain"});
    const ProcessResult result = generate({"--print-json"});
    EXPECT_EQ(result.exit_code, 1);
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json.at("ok"), false);
    EXPECT_EQ(json.at("response"), "unsupported");
    EXPECT_EQ(json.at("hints"), Json({"check content type expectations for this endpoint"}));
}

TEST_F(ContractProvider, EveryFailureHasItsHint) {
    const std::pair<int, std::string> cases[] = {
        {401, "check apiKey / auth for the selected provider"},
        {403, "check apiKey / auth for the selected provider"},
        {404, "check whether the provider exposes /images/generations for image generation"},
        {500, "provider-side error; retry later or switch provider/model"},
    };
    for (const auto& [status, hint] : cases) {
        reply_with(Json::object(), status);
        const ProcessResult result = generate({});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_EQ(result.out, "STATUS: " + std::to_string(status) + "\n{}\nHINT: " + hint + '\n');
    }
    reply_with(Json::object(), 422);
    EXPECT_EQ(generate({}).out, "STATUS: 422\n{}\n");
}

TEST_F(ContractProvider, C56NoDownloadPrintsTheWholeResponse) {
    const std::string picture = content_of(file("S2.png"));
    const std::string base64 = transport::encode_base64(std::as_bytes(std::span(picture)));
    reply_with({{"data", {{{"b64_json", base64}}}}});
    const ProcessResult result = generate({"--no-download"});
    expect_success(result);
    EXPECT_EQ(result.out, "STATUS: 200\n{\"data\": [{\"b64_json\": \"" + base64 + "\"}]}\n");
    EXPECT_TRUE(new_files().empty());
    EXPECT_EQ(requests().size(), 1U);
}

TEST_F(ContractProvider, C57LargeBase64IsSaved) {
    write_png_reference(file("large.png"), noise_image({400, 270}, Channels::rgb));
    const std::string picture = content_of(file("large.png"));
    ASSERT_GT(picture.size(), 300'000U);
    reply_with(
        {{"data", {{{"b64_json", transport::encode_base64(std::as_bytes(std::span(picture)))}}}}});
    const ProcessResult result = generate({});
    expect_success(result);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 3U);
    // What was saved is not repeated.
    EXPECT_EQ(lines[1], R"({"data": [{"b64_json": "data:..."}]})");
    EXPECT_EQ(content_of(file(lines[2].substr(12))), picture);
}

TEST_F(ContractProvider, C58RelativePathIsNotDoubled) {
    serve_png("/v1/files/abc.png", "S1.png");
    reply_with({{"data", {{{"path", "/v1/files/abc.png"}}}}});
    expect_success(generate({}));
    ASSERT_EQ(requests().size(), 2U);
    EXPECT_EQ(requests()[1].target, "/v1/files/abc.png");
}

TEST_F(ContractProvider, C59TextWithMarkdown) {
    serve_png("/media/x.png", "S1.png");
    const std::string text = "here: ![image](" + url() + "/media/x.png) bye";
    reply_with(Reply{.body = text, .content_type = "text/plain"});
    const ProcessResult result = generate({});
    expect_success(result);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 3U) << result.out;
    EXPECT_EQ(lines[1], text);
    EXPECT_EQ(content_of(file(lines[2].substr(12))), content_of(file("S1.png")));
}

TEST_F(ContractProvider, C60ExtraJsonReplacesInPlace) {
    const ProcessResult result =
        generate({"--extra-json", R"({"model":"over","x":1})", "--no-download", "--print-json"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    EXPECT_EQ(json.at("request").dump(), R"({"model":"over","prompt":"p","x":1})");
    EXPECT_EQ(json.at("model"), "m");
}

TEST_F(ContractProvider, C61ExtraJsonErrors) {
    const std::pair<Arguments, std::string> cases[] = {
        {{"--extra-json", "[1]"}, "^--extra-json must decode to a JSON object$"},
        {{"--extra-json", "{"}, "^invalid --extra-json: .+"},
        {{"--extra-json-file", "x.json"}, "^--extra-json-file not found: x\\.json$"},
        {{"--extra-json-file", "S1.png"}, "^invalid JSON in --extra-json-file S1\\.png: .+"},
        {{"--extra-json-file", "list.json"}, "^--extra-json-file must contain a JSON object$"},
    };
    write_text(file("list.json"), "[]");
    for (const auto& [added, pattern] : cases) {
        expect_error_line(generate(added), pattern);
    }
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractProvider, ExtraJsonFileComesLast) {
    write_text(file("more.json"), R"({"x":2,"z":1.0})");
    expect_success(generate({"--extra-json", R"({"x":1,"y":true})", "--extra-json-file",
                             "more.json", "--no-download"}));
    EXPECT_EQ(Json::parse(requests().at(0).body).dump(),
              R"({"model":"m","prompt":"p","x":2,"y":true,"z":1.0})");
}

TEST_F(ContractProvider, C62UnknownProvider) {
    const ProcessResult result = generate({"--provider", "nope"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    const auto lines = lines_of(result.err);
    ASSERT_GE(lines.size(), 3U) << result.err;
    EXPECT_EQ(lines[0], "provider not found: nope");
    EXPECT_EQ(lines[1], "Config: " + options.environment.at("OPENCLAW_CONFIG"));
    EXPECT_EQ(lines[2], "Available providers: alpha, zeta");
}

TEST_F(ContractProvider, C63MissingConfiguration) {
    const ProcessResult result = generate({"--config", "none.json"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(lines_of(result.err).at(0), "config not found: none.json");
    EXPECT_NE(result.err.find("--config"), std::string::npos);
    EXPECT_NE(result.err.find("OPENCLAW_CONFIG"), std::string::npos);
}

TEST_F(ContractProvider, C64PrefixIsCheckedFirst) {
    expect_error_line(generate({"--prefix", "../esc"}), "^invalid --prefix");
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractProvider, C65NsfwIsABoolean) {
    const ProcessResult result = generate({"--nsfw", "false", "--no-download", "--print-json"});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out).at("request").at("nsfw"), false);
    EXPECT_EQ(generate({"--nsfw", "no"}).exit_code, 2);
}

TEST_F(ContractProvider, C66EditIsAFormWithTheParts) {
    write_mask();
    const ProcessResult result = edit("edit_image", {"--mask", "M.png", "--no-composite"});
    expect_success(result);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 3U) << result.out;
    EXPECT_EQ(lines[0], "STATUS: 200");
    expect_matches(lines[2], "DOWNLOADED: tmp/images/edited_[0-9a-f]{8}\\.png");

    const RecordedRequest sent = requests().at(0);
    EXPECT_EQ(sent.target, "/v1/images/edits");
    EXPECT_EQ(sent.header("Authorization"), "Bearer k-alpha");
    const auto parts = parts_of(sent);
    ASSERT_EQ(names_of(parts), (std::vector<std::string>{"model", "prompt", "image", "mask"}));
    EXPECT_EQ(parts[0].content, "e");
    EXPECT_EQ(parts[0].media_type, "");
    EXPECT_EQ(parts[1].content, "p");
    EXPECT_EQ(parts[2].file_name, "S1.png");
    EXPECT_EQ(parts[2].media_type, "image/png");
    EXPECT_EQ(parts[2].content, content_of(file("S1.png")));
    EXPECT_EQ(parts[3].file_name, "M.png");
    EXPECT_EQ(parts[3].media_type, "image/png");
}

TEST_F(ContractProvider, C66SummaryKeys) {
    write_mask();
    const Json json = Json::parse(edit("edit_image", {"--mask", "./M.png", "--print-json"}).out);
    EXPECT_EQ(keys_of(json), (std::vector<std::string>{
                                 "status", "ok", "model", "provider", "endpoint", "mask",
                                 "response", "downloaded", "hints", "provider_output",
                                 "prompt_used", "preview", "downloads", "job", "composited"}));
    EXPECT_EQ(json.at("mask"), "M.png");
    EXPECT_EQ(json.at("endpoint"), url() + "/v1/images/edits");
    EXPECT_EQ(json.at("composited"), true);
}

TEST_F(ContractProvider, C67FilesAreCheckedBeforeTheConfiguration) {
    options.environment.erase("OPENCLAW_CONFIG");
    expect_failure(call("edit_image", {"--image", "none.png", "--prompt", "p"}),
                   "image not found: none.png");
    expect_failure(call("edit_image", {"--image", "S1.png", "--prompt", "p", "--mask", "none.png"}),
                   "mask not found: none.png");
}

TEST_F(ContractProvider, C68MaskInpaintNamesTheMask) {
    const ProcessResult result = edit("mask_inpaint", kRegion);
    expect_success(result);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 4U) << result.out;
    EXPECT_EQ(lines[0], "STATUS: 200");
    expect_matches(lines[2], "DOWNLOADED: tmp/images/inpaint_[0-9a-f]{8}\\.png");
    expect_matches(lines[3], "MASK_USED: tmp/images/masks/inpaint_mask_[0-9a-f]{8}\\.png");
    const auto parts = parts_of(requests().at(0));
    ASSERT_EQ(names_of(parts), (std::vector<std::string>{"model", "prompt", "image", "mask"}));
    EXPECT_EQ("MASK_USED: tmp/images/masks/" + parts[3].file_name, lines[3]);
}

TEST_F(ContractProvider, C69MaskInpaintSummary) {
    const ProcessResult result = edit("mask_inpaint", with(kRegion, {"--print-json"}));
    expect_success(result);
    const Json json = Json::parse(result.out);
    expect_matches(json.at("mask"), "tmp/images/masks/inpaint_mask_[0-9a-f]{8}\\.png");
    EXPECT_EQ(result.out.find("MASK_USED"), std::string::npos);
}

TEST_F(ContractProvider, C70RefusalKeepsTheMask) {
    reply_with({{"error", "no"}}, 400);
    const ProcessResult result = edit("mask_inpaint", kRegion);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out,
              "STATUS: 400\n{\"error\":\"no\"}\n"
              "HINT: check provider-specific payload fields, model name, and extra-json "
              "contents\n");
    ASSERT_EQ(new_files().size(), 1U);
    expect_matches(new_files()[0], "tmp/images/masks/inpaint_mask_[0-9a-f]{8}\\.png");
}

TEST_F(ContractProvider, C71OutpaintSaysWhatItSent) {
    const ProcessResult result = edit("outpaint_image", {"--left", "10", "--expand", "2"});
    expect_success(result);
    const auto lines = lines_of(result.out);
    ASSERT_EQ(lines.size(), 6U) << result.out;
    expect_matches(lines[2], "DOWNLOADED: tmp/images/outpaint_[0-9a-f]{8}\\.png");
    expect_matches(lines[3],
                   "PREPARED_INPUT: tmp/images/outpaint_inputs/outpaint_input_[0-9a-f]{8}\\.png");
    EXPECT_EQ(lines[4], "EXPAND: left=12 right=2 top=2 bottom=2");
    EXPECT_EQ(lines[5], "MODE: transparent");
    const auto parts = parts_of(requests().at(0));
    ASSERT_EQ(names_of(parts), (std::vector<std::string>{"model", "prompt", "image"}));
    EXPECT_EQ(parts[2].content, content_of(file(lines[3].substr(16))));
}

TEST_F(ContractProvider, C72ObjectEditHoldsTheSummaryAsText) {
    const ProcessResult result = edit("object_select_edit", {"--no-download", "--print-json"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    EXPECT_EQ(keys_of(json),
              (std::vector<std::string>{"image", "selection_mode", "edit_target", "mask", "edited",
                                        "result", "confidence", "doubts"}));
    ASSERT_TRUE(json.at("edited").is_string());
    const Json edited = Json::parse(json.at("edited").get<std::string>());
    EXPECT_EQ(edited, json.at("result"));
    EXPECT_EQ(edited.at("endpoint"), url() + "/v1/images/edits");
    EXPECT_TRUE(edited.at("downloaded").is_null());
}

TEST_F(ContractProvider, ObjectEditPassesARefusalOn) {
    reply_with({{"error", "no"}}, 400);
    const ProcessResult result = edit("object_select_edit", {"--print-json"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(Json::parse(result.out).at("status"), 400);
}

TEST_F(ContractProvider, NumbersAreNotRounded) {
    reply_with(Reply{.body = R"({"a":1.0,"b":12345678901234567890123,"c":"\u00e4","d":1e2})"});
    const ProcessResult result = generate({"--no-download"});
    EXPECT_EQ(lines_of(result.out).at(1),
              "{\"a\": 1.0, \"b\": 12345678901234567890123, \"c\": \"\xc3\xa4\", \"d\": 1e2}");
    EXPECT_NE(generate({"--no-download", "--print-json"}).out.find("12345678901234567890123,"),
              std::string::npos);
}

TEST_F(ContractProvider, OutputFolderIsMadeEvenWithoutDownload) {
    expect_success(generate({"--no-download", "--out-dir", "./o/p/"}));
    EXPECT_TRUE(std::filesystem::is_directory(file("o/p")));
}

TEST_F(ContractProvider, TheLastDownloadSwitchWins) {
    EXPECT_NE(generate({"--no-download", "--download"}).out.find("DOWNLOADED"), std::string::npos);
    EXPECT_EQ(generate({"--download", "--no-download"}).out.find("DOWNLOADED"), std::string::npos);
}

TEST_F(ContractProvider, NoResponseAtAll) {
    configure({{"alpha", {{"baseUrl", "http://127.0.0.1:1/v1"}, {"apiKey", "k"}}}});
    const ProcessResult result = generate({"--quiet"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    const auto lines = lines_of(result.err);
    ASSERT_EQ(lines.size(), 2U) << result.err;
    EXPECT_TRUE(lines[0].starts_with("request failed: ")) << result.err;
}

TEST_F(ContractProvider, EnvironmentNamesModelAndProvider) {
    options.environment["OPENCLAW_MEDIA_IMAGE_MODEL"] = "from-env";
    options.environment["OPENCLAW_MEDIA_PROVIDER"] = "zeta";
    const ProcessResult result = call("generate_image", {"--prompt", "p", "--no-download"});
    expect_success(result);
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(requests().at(0).header("Authorization"), "Bearer k-zeta");
    EXPECT_EQ(Json::parse(requests().at(0).body).at("model"), "from-env");
}

}  // namespace
}  // namespace editprep::testing
