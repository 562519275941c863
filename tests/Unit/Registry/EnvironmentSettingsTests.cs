using Microsoft.Extensions.Configuration;
using Serverless.Registry;
using Xunit;

namespace Serverless.Unit.Registry;

public sealed class EnvironmentSettingsTests
{
    [Fact]
    public void OneEnvironment_IsSet_WhereverEnvironmentsAreNamed()
    {
        IConfiguration settings = Settings(("Environment:Name", "qa"), ("Roles:Environment", "qa"));

        settings.ServeOneEnvironment();
        RegistryOptions options = new();
        settings.GetSection("Registry").ReadRegistry(options);

        Assert.Equal(["qa"], options.Environments);
        Assert.Equal(
            ("qa", "qa", "qa"),
            (settings["Roles:Environment"], settings["Predictions:Environment"], settings["Drift:Environments:0"])
        );
    }

    [Fact]
    public void WithoutAName_NothingIsSet()
    {
        IConfiguration settings = Settings(("Environment:Name", ""));

        settings.ServeOneEnvironment();

        Assert.Null(settings["Roles:Environment"]);
        Assert.False(settings.GetSection("Registry").Exists());
    }

    [Fact]
    public void Settings_ThatNameOthers_AreRefused_AllTogether()
    {
        IConfiguration settings = Settings(
            ("Environment:Name", "qa"),
            ("Predictions:Environment", "prod"),
            ("Registry:Environments:0", "qa"),
            ("Registry:Environments:1", "dev")
        );

        ArgumentException refused = Assert.Throws<ArgumentException>(settings.ServeOneEnvironment);

        Assert.StartsWith(
            "Environment:Name is 'qa', and Predictions:Environment has 'prod', Registry:Environments has 'dev'; allowed is 'qa' "
                + "or nothing.",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => one.Key, one => (string?)one.Value)).Build();
}
