plugins { alias(libs.plugins.detekt) }
testing { suites { val integrationTest by registering(JvmTestSuite::class) } }
