using System.Collections;
using Serverless.Local.Host;
using Serverless.Local.Host.Settings;
using Xunit;

namespace Serverless.Unit.Local.Host.Settings;

public sealed class AppSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("settings").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Models:Root", "Models__Root")]
    [InlineData("A:B:0", "A__B__0")]
    [InlineData("AzureWebJobsStorage", "AzureWebJobsStorage")]
    public void VariableName_Colons_BecomeUnderscores(string setting, string variable) =>
        Assert.Equal(variable, AppSettings.VariableName(setting));

    [Fact]
    public void Complete_ValueAlsoInTheEnvironment_IsLeftToTheEnvironment()
    {
        HostArguments arguments = Arguments("""{ "Values": { "Models:Root": "file", "S3:Bucket": "assets" } }""");

        IReadOnlyDictionary<string, string?> variables = AppSettings.Complete(
            arguments,
            new Hashtable { ["Models__Root"] = "environment" }
        );

        Assert.DoesNotContain("Models__Root", variables);
        Assert.Equal("assets", variables["S3__Bucket"]);
    }

    [Fact]
    public void Complete_NoSettings_NamesHostAndDurableFile()
    {
        HostArguments arguments = new(_folder, 7071, null, "/data");

        IReadOnlyDictionary<string, string?> variables = AppSettings.Complete(arguments, new Hashtable());

        Assert.Equal("localhost:7071", variables["WEBSITE_HOSTNAME"]);
        Assert.Equal("dotnet-isolated", variables["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.Equal("/data/durable.db", variables["Durable__SqliteFile"]);
        Assert.Null(variables["CONTAINER_NAME"]);
    }

    [Theory]
    [InlineData("""{ "IsEncrypted": true, "Values": {} }""", "encrypted")]
    [InlineData("{", "not valid")]
    public void Read_UnusableFile_SaysWhy(string content, string fault)
    {
        HostArguments arguments = Arguments(content);

        HostStartException failure = Assert.Throws<HostStartException>(() => AppSettings.Read(arguments.SettingsFile!));

        Assert.Contains(fault, failure.Message);
    }

    private HostArguments Arguments(string settings)
    {
        File.WriteAllText(Path.Combine(_folder, "local.settings.json"), settings);
        return HostArguments.Create(_folder, 7071, null, _folder);
    }
}
