#include <gtest/gtest.h>

#include "editprep/video/probe.hpp"

int main(int argument_count, char** arguments) {
    ::testing::InitGoogleTest(&argument_count, arguments);
    // The tests lie elsewhere than the commands.
    editprep::video::set_module_folder(EDITPREP_MODULE_FOLDER);
    return RUN_ALL_TESTS();
}
