# Modules: parts of a library that cost more to load than most jobs take (libvips, FFmpeg, libcurl) are
# shared objects of their own, opened on first use.

# Where a program in BINDIR finds them; each library's module_loader.cpp resolves it against the
# program.
cmake_path(
    RELATIVE_PATH CMAKE_INSTALL_LIBDIR
    BASE_DIRECTORY "${CMAKE_INSTALL_BINDIR}"
    OUTPUT_VARIABLE libdir_from_bindir
)
set(EDITPREP_MODULES_FROM_PROGRAM "${libdir_from_bindir}/editprep")

# editprep_add_module(<name> OF <imaging|transport|video> SOURCES <file>... LIBS <library>...)
function(editprep_add_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "OF" "SOURCES;LIBS")
    add_library(${name} MODULE ${arg_SOURCES})
    set_target_properties(
        ${name}
        PROPERTIES
            PREFIX ""
            LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/${EDITPREP_MODULE_DIR}"
    )
    target_compile_features(${name} PRIVATE cxx_std_20)
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/${arg_OF}/src")
    target_link_libraries(${name} PRIVATE ${arg_LIBS})
    # Of the library that it belongs to only what it uses itself, such as the exceptions.
    target_link_options(${name} PRIVATE LINKER:--as-needed LINKER:--gc-sections)
    install(TARGETS ${name} LIBRARY DESTINATION "${EDITPREP_MODULE_DIR}" COMPONENT Runtime)
endfunction()
