using Microsoft.Extensions.Configuration;
using Serverless.Functions.Azure;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Functions.Azure;

public sealed class SettingsReaderTests
{
    private static RegistryOptions Read(params (string Key, string Value)[] settings)
    {
        RegistryOptions options = new();
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)))
            .Build()
            .ReadRegistry(options);
        return options;
    }

    [Fact]
    public void ReadRegistry_TakesWhatIsConfigured_AndNothingElseChanges()
    {
        RegistryOptions options = Read(
            ("Environments:0", "test"),
            ("Environments:1", "live"),
            ("PublicKeys:live:0", "key"),
            ("ProtectedFor", "1.00:00:00"),
            ("Limits:MaxMemoryBytes", "1000")
        );

        Assert.Equal(["test", "live"], options.Environments);
        Assert.Equal(["key"], options.PublicKeys["live"]);
        Assert.Equal((TimeSpan.FromDays(1), 1000L), (options.ProtectedFor, options.Limits.MaxMemoryBytes));
        Assert.Equal(4L << 30, ModelLimits.Default.MaxMemoryBytes);
    }

    [Fact]
    public void ReadRegistry_OfNothing_KeepsTheDefaults()
    {
        Assert.Equal(["dev", "qa", "prod"], Read().Environments);
        Assert.Empty(OptionsCheck.Find(("Registry", Read())));
    }

    [Fact]
    public void Options_AreCheckedAllAtOnce()
    {
        RegistryOptions options = new()
        {
            Store = "",
            Environments = ["Prod"],
            CacheFolder = "",
            MaxCacheBytes = 0,
            ProtectedFor = TimeSpan.FromDays(-1),
        };

        Assert.Equal(5, OptionsCheck.Find(("Registry", options)).Count);
    }
}
