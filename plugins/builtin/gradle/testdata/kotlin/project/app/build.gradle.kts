plugins {
    application
    id("com.diffplug.spotless") version "7.0.0"
}
java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }
