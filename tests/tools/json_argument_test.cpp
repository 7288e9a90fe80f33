#include "tools/remote/json_argument.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "temp_folder.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

using ::testing::HasSubstr;

std::string refusal_of(const std::string& argument) {
    try {
        static_cast<void>(read_json_argument(argument));
        return "accepted";
    } catch (const Failure& failure) {
        return failure.what();
    }
}

TEST(ReadJsonArgument, IsTheArgumentItself) {
    EXPECT_EQ(read_json_argument("{\"a\":1}"), "{\"a\":1}");
    EXPECT_EQ(read_json_argument(""), "");
}

TEST(ReadJsonArgument, ReadsAFile) {
    const testing::TempFolder folder;
    const std::string text = "{\"a\":\"" + std::string(300'000, 'x') + "\"}\n";
    std::ofstream(folder / "input.json") << text;
    EXPECT_EQ(read_json_argument("@" + (folder / "input.json").string()), text);
}

TEST(ReadJsonArgument, NamesAFileThatCannotBeRead) {
    const testing::TempFolder folder;
    const std::string missing = (folder / "none.json").string();
    EXPECT_EQ(refusal_of("@" + missing),
              "cannot read the JSON from " + missing + ": No such file or directory");
    EXPECT_THAT(refusal_of("@" + folder.path().string()), HasSubstr("Is a directory"));
}

}  // namespace
}  // namespace editprep::tools
