using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.AzureSearch;
using Serverless.Functions.Azure;
using Serverless.Functions.Azure.Access;
using Serverless.Inference;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Telemetry;
using Xunit;

namespace Serverless.Unit.Functions.Azure;

/// <summary>local.settings.sample.json names settings that are read, and every one that the app does not start without.</summary>
public sealed class SampleSettingsTests
{
    /// <summary>What others read: the Functions host, and the AWS SDK from the environment.</summary>
    private static readonly string[] ReadByOthers =
    [
        "FUNCTIONS_WORKER_RUNTIME",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_REGION",
    ];

    private static Dictionary<string, string> Sample { get; } =
        JsonDocument
            .Parse(File.ReadAllText(Path.Combine(Checkout.Root, "local.settings.sample.json")))
            .RootElement.GetProperty("Values")
            .EnumerateObject()
            .ToDictionary(value => value.Name, value => value.Value.GetString()!);

    [Fact]
    public void Names_SuitEnvironmentVariablesOnLinux() => Assert.All(Sample.Keys, name => Assert.Matches("^[A-Za-z][A-Za-z0-9_]*$", name));

    [Fact]
    public void EverySetting_IsRead()
    {
        RecordingSource source = new(Sample);

        ReadAll(source);

        Assert.Empty(Sample.Keys.Except(ReadByOthers).Select(NameInCode).Except(source.Read, StringComparer.OrdinalIgnoreCase));
    }

    [Theory, InlineData("AzureWebJobsStorage"), InlineData("Events__SigningKey")]
    public void Setting_WithoutWhichNothingStarts_IsInTheSample(string name)
    {
        Dictionary<string, string> less = new(Sample);

        Assert.True(less.Remove(name));
        Assert.ThrowsAny<ArgumentException>(() => ReadAll(new RecordingSource(less)));
    }

    [Fact]
    public void TheSample_IsEnoughToStart() => ReadAll(new RecordingSource(Sample));

    /// <summary>What is deployed knows no setting of what stands in for the cloud here.</summary>
    [Theory, InlineData("functions"), InlineData("orchestrations"), InlineData("libs")]
    public void Settings_OfTheLocalEdition_AreReadNowhereElse(string folder)
    {
        IEnumerable<string> sources = Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*.cs", SearchOption.AllDirectories);

        Assert.DoesNotContain(sources, source => File.ReadAllText(source).Contains("\"Embedded:", StringComparison.Ordinal));
    }

    private static string NameInCode(string name) => name.Replace("__", ":", StringComparison.Ordinal);

    /// <summary>As Program.cs does.</summary>
    private static void ReadAll(RecordingSource source)
    {
        IConfigurationRoot settings = new ConfigurationBuilder().Add(source).Build();
        StorageOptions storage = new();
        settings.ReadStorage(storage);
        OptionsCheck.Run(("Storage:Azure", storage.Azure), ("S3", storage.S3));
        if (!storage.Azure.IsConfigured)
        {
            throw new ArgumentException("There is no Azure storage.");
        }
        settings.GetSection("Models").Bind(new RuntimeOptions());
        settings.GetSection("Registry").ReadRegistry(new RegistryOptions());
        new ServiceCollection().AddSearchEngine(options => settings.GetSection("Search").Bind(options));
        settings.ReadAssets(new AssetsOptions());
        settings.ReadTelemetry(new TelemetryOptions());
        new ServiceCollection().AddAccess(options => settings.GetSection("Access").Bind(options)).AddApi(settings);
    }

    /// <summary>Settings that notes which of them were asked for.</summary>
    private sealed class RecordingSource : ConfigurationProvider, IConfigurationSource
    {
        private readonly ConcurrentDictionary<string, bool> _read = new(StringComparer.OrdinalIgnoreCase);

        public RecordingSource(Dictionary<string, string> values)
        {
            foreach ((string name, string value) in values)
            {
                Data[NameInCode(name)] = value;
            }
        }

        public IEnumerable<string> Read => _read.Keys;

        public override bool TryGet(string key, out string? value)
        {
            _read[key] = true;
            return base.TryGet(key, out value);
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
    }
}
