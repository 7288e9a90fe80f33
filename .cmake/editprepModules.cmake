# Modules: parts of a library that cost more to load than most jobs take (libvips, FFmpeg, libcurl) are
# shared objects of their own, opened on first use.

# Where a program in BINDIR finds them; imaging/os/shared_object.cpp resolves it against the program.
cmake_path(
    RELATIVE_PATH CMAKE_INSTALL_LIBDIR
    BASE_DIRECTORY "${CMAKE_INSTALL_BINDIR}"
    OUTPUT_VARIABLE libdir_from_bindir
)
set(EDITPREP_MODULES_FROM_PROGRAM "${libdir_from_bindir}/editprep")

# Links the C++ runtime into a program or module: loading and relocating the shared one is a third of
# a command's start. Sound because nothing is thrown across the border of a module. Some systems lack
# the static one, hence the option EDITPREP_STATIC_RUNTIME. (Sanitizers want one for everything.)
function(editprep_link_runtime_statically name)
    if(EDITPREP_STATIC_RUNTIME
       AND NOT "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_DEBUG}" MATCHES "-fsanitize"
    )
        target_link_options(
            ${name}
            PRIVATE -static-libstdc++ -static-libgcc LINKER:--exclude-libs,ALL
        )
    endif()
endfunction()

# editprep_add_module(<name> [STATIC_RUNTIME] [OF <imaging|transport|video>]
#                     SOURCES <file>... LIBS <library>...)
#
# OF: the library whose private headers it sees. STATIC_RUNTIME: for modules on libraries in C, which
# would bring the shared runtime for nothing.
function(editprep_add_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "STATIC_RUNTIME" "OF" "SOURCES;LIBS")
    add_library(${name} MODULE ${arg_SOURCES})
    set_target_properties(
        ${name}
        PROPERTIES
            PREFIX ""
            LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/${EDITPREP_MODULE_DIR}"
    )
    target_compile_features(${name} PRIVATE cxx_std_20)
    if(arg_OF)
        target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/${arg_OF}/src")
    endif()
    target_link_libraries(${name} PRIVATE ${arg_LIBS})
    # Of the library that it belongs to only what it uses itself, such as the exceptions.
    target_link_options(${name} PRIVATE LINKER:--as-needed LINKER:--gc-sections)
    if(arg_STATIC_RUNTIME)
        editprep_link_runtime_statically(${name})
    endif()
    install(TARGETS ${name} LIBRARY DESTINATION "${EDITPREP_MODULE_DIR}" COMPONENT Runtime)
endfunction()
