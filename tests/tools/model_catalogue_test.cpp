#include "tools/remote/model_catalogue.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "editprep/transport/error.hpp"
#include "remote_support.hpp"
#include "temp_folder.hpp"

namespace editprep::tools {
namespace {

TEST(KnownModels, HoldThoseThatAreBuiltIn) {
    const auto models = known_models(environment_of({}));
    EXPECT_NE(models.find("fal-ai/nano-banana-pro/edit"), nullptr);
    EXPECT_EQ(models.find("no/such-model"), nullptr);
}

TEST(KnownModels, AMissingFileOfTheUserIsNothingUnlessItIsNamed) {
    const testing::TempFolder folder;
    EXPECT_NO_THROW(static_cast<void>(known_models(environment_of({{"HOME", folder.path()}}))));
    EXPECT_THROW(
        static_cast<void>(known_models(environment_of({{"EDITPREP_MODELS", folder / "none"}}))),
        transport::Error);
}

TEST(KnownModels, ABrokenFileOfTheUserIsNamed) {
    const testing::TempFolder folder;
    std::filesystem::create_directories(folder / ".config/editprep");
    std::ofstream(folder / ".config/editprep/models.json") << "[";
    try {
        static_cast<void>(known_models(environment_of({{"HOME", folder.path()}})));
        FAIL() << "accepted";
    } catch (const transport::Error& error) {
        EXPECT_NE(std::string(error.what()).find("models.json"), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace editprep::tools
