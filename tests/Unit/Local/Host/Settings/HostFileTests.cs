using Microsoft.Extensions.Configuration;
using Serverless.Local.Host;
using Serverless.Local.Host.Settings;
using Xunit;

namespace Serverless.Unit.Local.Host.Settings;

public sealed class HostFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hostfile").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_Values_StandInTheSectionThatWebJobsReads()
    {
        IConfiguration configuration = Load("""{ "version": "2.0", "extensions": { "queues": { "batchSize": 16 } } }""");

        Assert.Equal("16", configuration["AzureFunctionsJobHost:extensions:queues:batchSize"]);
        Assert.Equal("AzureFunctionsJobHost", configuration["AzureWebJobsConfigurationSection"]);
    }

    [Theory]
    [InlineData("""{ "version": "2.0" }""", "00:30:00")]
    [InlineData("""{ "version": "2.0", "functionTimeout": "00:05:00" }""", "00:05:00")]
    [InlineData("""{ "version": "2.0", "functionTimeout": "-1" }""", null)]
    public void FunctionTimeout_Text_IsReadAsTheRealHostDoes(string json, string? expected) =>
        Assert.Equal(expected, HostFile.FunctionTimeout(Load(json))?.ToString());

    [Fact]
    public void FunctionTimeout_NoDuration_IsRefused() =>
        Assert.Throws<HostStartException>(() => HostFile.FunctionTimeout(Load("""{ "version": "2.0", "functionTimeout": "soon" }""")));

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}", "version")]
    public void Load_BadFile_SaysWhy(string json, string fault) =>
        Assert.Contains(fault, Assert.Throws<HostStartException>(() => Load(json)).Message);

    private IConfigurationRoot Load(string json)
    {
        File.WriteAllText(Path.Combine(_folder, "host.json"), json);
        return HostFile.Load(_folder);
    }
}
