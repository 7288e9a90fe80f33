# cmake -D STYLE=<file> -D SCRIPT=<file> -D OUTPUT=<file> -P embed.cmake
#
# Writes a source file with the content of the page's parts.
set(text "// Made by the build from tools/generate_batch_media/report_page.\n")
string(APPEND text "#include \"tools/generate_batch_media/report_page.hpp\"\n\n")
string(APPEND text "namespace editprep::tools::generate_batch_media {\n\n")
foreach(part STYLE SCRIPT)
    file(READ "${${part}}" content)
    # A compiler need not take string literals above 65,535 characters: one a line.
    string(REGEX REPLACE "\n$" "" content "${content}")
    string(REPLACE "\n" "\n)~~\"\n    R\"~~(" content "${content}")
    string(TOLOWER "${part}" name)
    string(APPEND text "std::string_view page_${name}() {\n    return R\"~~(${content})~~\";\n}\n\n")
endforeach()
string(APPEND text "}  // namespace editprep::tools::generate_batch_media\n")
file(WRITE "${OUTPUT}" "${text}")
