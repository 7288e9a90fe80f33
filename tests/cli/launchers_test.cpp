#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "command_fixture.hpp"

/// The launchers under the names of the older scripts (samples/skill/scripts). Skipped where there
/// is no python3.
namespace editprep::testing {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> kNames{
    "edit_image",
    "fal_client",
    "fetch_generated_media",
    "generate_batch_media",
    "generate_consistent_media",
    "generate_image",
    "generate_video",
    "mask_inpaint",
    "object_select_edit",
    "outpaint_image",
    "prepare_object_mask",
    "reference_media",
    "smoke_test",
};

fs::path scripts() { return fs::path(EDITPREP_SAMPLES) / "skill" / "scripts"; }

class LaunchersTest : public CommandTest {
protected:
    void SetUp() override {
        const ProcessResult found =
            run("/usr/bin/env", {"python3", "-c", "import sys; print(sys.executable)"});
        if (found.exit_code != 0) {
            GTEST_SKIP() << "needs python3";
        }
        python_ = lines_of(found.out).at(0);
        // What any of the commands could be: tells what it was given.
        fs::create_directories(file("stub"));
        for (const std::string& name : kNames) {
            make_program("stub/" + name);
        }
    }

    void make_program(const std::string& name, const std::string& greeting = "stub") const {
        write_text(file(name), "#!/bin/sh\necho \"" + greeting +
                                   " $(basename \"$0\")\"\nfor word; do echo \"<$word>\"; done\n"
                                   "cat\necho story >&2\nexit 7\n");
        fs::permissions(file(name), fs::perms::owner_all);
    }

    [[nodiscard]] ProcessResult launch(const fs::path& script, const Arguments& words,
                                       ProcessOptions options = {}) const {
        Arguments arguments{script.string()};
        arguments.insert(arguments.end(), words.begin(), words.end());
        return run(python_, arguments, options);
    }

    [[nodiscard]] ProcessOptions finding(const std::string& folder) const {
        return {.environment = {{"EDITPREP_BIN", file(folder).string()}}};
    }

private:
    std::string python_;
};

TEST_F(LaunchersTest, AreThereForEveryOlderScript) {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(scripts())) {
        if (entry.path().extension() == ".py") {
            found.insert(entry.path().stem().string());
            EXPECT_EQ(content_of(entry.path()), content_of(scripts() / "edit_image.py"));
        }
    }
    EXPECT_EQ(found, kNames);
}

TEST_F(LaunchersTest, PassWordsStreamsAndExitCode) {
    write_text(file("given"), "from stdin\n");
    for (const std::string name : {"edit_image", "fal_client", "smoke_test"}) {
        ProcessOptions options = finding("stub");
        options.input = file("given");
        const ProcessResult result = launch(
            scripts() / (name + ".py"),
            {"--prompt", "two words", "", "h\u00fctte \u6c34", "{\"k\": \"$HOME\"}", "*", "\xff"},
            options);
        EXPECT_EQ(result.exit_code, 7);
        EXPECT_EQ(result.out, "stub " + name +
                                  "\n<--prompt>\n<two words>\n<>\n<h\u00fctte \u6c34>\n"
                                  "<{\"k\": \"$HOME\"}>\n<*>\n<\xff>\nfrom stdin\n");
        EXPECT_EQ(result.err, "story\n");
    }
}

TEST_F(LaunchersTest, StartTheRealCommands) {
    const ProcessOptions options{.environment = {{"EDITPREP_BIN", EDITPREP_BIN}}};
    for (const std::string& name : kNames) {
        const ProcessResult launched = launch(scripts() / (name + ".py"), {"--help"}, options);
        const ProcessResult direct = run(name, {"--help"});
        EXPECT_EQ(launched.exit_code, 0) << name;
        EXPECT_EQ(launched.out, direct.out);
        EXPECT_EQ(launched.err, "");
    }
}

TEST_F(LaunchersTest, EndBySignalAsTheCommandDoes) {
    write_text(file("stub/edit_image"), "#!/bin/sh\nkill -TERM $$\n");
    const ProcessResult result = launch(scripts() / "edit_image.py", {}, finding("stub"));
    EXPECT_EQ(result.signal, 15);
}

TEST_F(LaunchersTest, LookInTheVariableThenBesideThenInPath) {
    fs::create_directories(file("scripts"));
    fs::create_directories(file("path"));
    fs::copy_file(scripts() / "edit_image.py", file("scripts/edit_image.py"));
    make_program("path/edit_image", "path");
    const std::string path = file("path").string() + ":/usr/bin:/bin";

    ProcessOptions options{.environment = {{"PATH", path}}};
    EXPECT_EQ(lines_of(launch(file("scripts/edit_image.py"), {}, options).out).at(0),
              "path edit_image");
    make_program("scripts/edit_image", "beside");
    EXPECT_EQ(lines_of(launch(file("scripts/edit_image.py"), {}, options).out).at(0),
              "beside edit_image");
    options.environment["EDITPREP_BIN"] = file("stub").string();
    EXPECT_EQ(lines_of(launch(file("scripts/edit_image.py"), {}, options).out).at(0),
              "stub edit_image");
}

TEST_F(LaunchersTest, FindTheCommandsThatWereInstalledWithThem) {
    fs::create_directories(file("prefix/share/editprep/skill/scripts"));
    fs::create_directories(file("prefix/bin"));
    const fs::path script = file("prefix/share/editprep/skill/scripts/edit_image.py");
    fs::copy_file(scripts() / "edit_image.py", script);
    make_program("prefix/bin/edit_image", "installed");
    const ProcessOptions options{.environment = {{"PATH", "/usr/bin:/bin"}}};
    EXPECT_EQ(lines_of(launch(script, {}, options).out).at(0), "installed edit_image");
}

TEST_F(LaunchersTest, SayThatTheCommandIsNotInstalled) {
    fs::copy_file(scripts() / "edit_image.py", file("edit_image.py"));
    const ProcessOptions options{.environment = {{"PATH", "/nowhere"}}};
    expect_failure(launch(file("edit_image.py"), {"--help"}, options),
                   "ERROR: edit_image is not installed: put editprep's commands in PATH, or name "
                   "their folder in EDITPREP_BIN");
}

}  // namespace
}  // namespace editprep::testing
