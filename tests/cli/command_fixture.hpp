#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "image_maker.hpp"
#include "png_reference.hpp"
#include "process.hpp"
#include "temp_folder.hpp"

namespace editprep::testing {

using Arguments = std::vector<std::string>;

/// Names the instances of a parameterised test after their cases.
struct CaseName {
    template <class Case>
    std::string operator()(const ::testing::TestParamInfo<Case>& instance) const {
        return instance.param.name;
    }
};

/// Arguments that are refused, and the line that says so.
struct RefusedCase {
    const char* name;
    Arguments arguments;
    const char* line;

    friend void PrintTo(const RefusedCase& given, std::ostream* out) { *out << given.name; }
};

/// The text's lines, without their ends.
[[nodiscard]] inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

[[nodiscard]] inline std::string content_of(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

inline void expect_success(const ProcessResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.signal, 0) << result.err;
}

/// Exit code 1, nothing on stdout and one line on stderr.
inline void expect_failure(const ProcessResult& result, const std::string& line) {
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.signal, 0);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, line + '\n');
}

/// The same for a line of which only a part is fixed.
inline void expect_error_line(const ProcessResult& result, const std::string& pattern) {
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.signal, 0);
    EXPECT_FALSE(result.timed_out);
    EXPECT_EQ(result.out, "");
    const auto lines = lines_of(result.err);
    ASSERT_EQ(lines.size(), 1U) << result.err;
    EXPECT_TRUE(std::regex_search(lines.front(), std::regex(pattern)))
        << lines.front() << "\nhas no match for " << pattern;
}

inline void expect_matches(const std::string& text, const std::string& pattern) {
    EXPECT_TRUE(std::regex_match(text, std::regex(pattern))) << text << "\nis not " << pattern;
}

/// What is known of a picture; sums and checksums not always.
struct PictureFacts {
    Channels channels = Channels::grey;
    Size size;
    std::optional<std::int64_t> sum{};
    std::optional<std::uint32_t> crc{};
};

/// Runs commands in a folder of their own that holds the compatibility fixtures S1.png, S2.png,
/// S3.png and M1.png.
class CommandTest : public ::testing::Test {
protected:
    CommandTest() {
        write_png_reference(file("S1.png"), fixture_s1());
        write_png_reference(file("S2.png"), fixture_s2());
        write_png_reference(file("S3.png"), fixture_s3());
        write_png_reference(file("M1.png"), fixture_m1());
    }

    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return folder_.path() / name;
    }

    [[nodiscard]] ProcessResult run(const std::string& command, Arguments arguments) const {
        return run(command, std::move(arguments), {});
    }

    [[nodiscard]] ProcessResult run(const std::string& command, Arguments arguments,
                                    ProcessOptions options) const {
        options.arguments = std::move(arguments);
        options.folder = folder_.path();
        return run_process(std::filesystem::path(EDITPREP_BIN) / command, options);
    }

    /// Paths of all files below the folder, relative to it, sorted; the fixtures are left out.
    [[nodiscard]] std::vector<std::string> new_files() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
            const std::string name = entry.path().lexically_relative(folder_.path()).string();
            if (!entry.is_directory() && name != "S1.png" && name != "S2.png" && name != "S3.png" &&
                name != "M1.png") {
                names.push_back(name);
            }
        }
        std::ranges::sort(names);
        return names;
    }

    /// A run made one picture and printed its path and nothing else; the path fits the pattern.
    void expect_only_picture(const ProcessResult& result, const std::string& path_pattern,
                             const PictureFacts& expected) const {
        expect_success(result);
        const auto lines = lines_of(result.out);
        ASSERT_EQ(lines.size(), 1U) << result.out;
        expect_matches(lines[0], path_pattern);
        EXPECT_EQ(new_files(), lines);

        const Image picture = read_png_reference(file(lines[0]));
        EXPECT_EQ(picture.channels(), expected.channels);
        EXPECT_EQ(picture.size(), expected.size);
        if (expected.sum) {
            EXPECT_EQ(sum_of(picture), *expected.sum);
        }
        if (expected.crc) {
            EXPECT_EQ(crc32_of(picture), *expected.crc);
        }
    }

private:
    TempFolder folder_;
};

}  // namespace editprep::testing
