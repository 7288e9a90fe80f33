# cmake -D FILES=<list> -D OUTPUT=<file> -P embed.cmake
#
# Writes a source file with the content of each descriptor file, in the order of their names.
set(text "// Made by the build from transport/models.\n#include \"built_in_models.hpp\"\n\n")
string(APPEND text "namespace editprep::transport {\n\n")
string(APPEND text "const std::vector<BuiltInModels>& built_in_models() {\n")
string(APPEND text "    static const std::vector<BuiltInModels> files{\n")
list(SORT FILES)
foreach(file IN LISTS FILES)
    file(READ "${file}" content)
    cmake_path(GET file FILENAME name)
    # A compiler need not take string literals above 65,535 characters: one a line.
    string(REGEX REPLACE "\n$" "" content "${content}")
    string(REPLACE "\n" ")~~\"\n    R\"~~(" content "${content}")
    string(APPEND text "        {\"${name}\",\n    R\"~~(${content})~~\"},\n")
endforeach()
string(APPEND text "    };\n    return files;\n}\n\n}  // namespace editprep::transport\n")
file(WRITE "${OUTPUT}" "${text}")
