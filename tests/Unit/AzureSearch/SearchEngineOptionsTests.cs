using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.AzureSearch;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Searches;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.AzureSearch;

/// <summary>Settings of the engine: which, where, and what is refused at the start.</summary>
public sealed class SearchEngineOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Search:Engine=BuiltIn")]
    public void WithoutAService_NothingIsAdded(string settings) => Assert.Empty(Add(settings));

    [Fact]
    public void WithAService_ItIsBothIndexAndSearch_AndNothingIsKeptOnThisMachine()
    {
        ServiceCollection services = Add(
            "Search:Engine=AzureAISearch;Search:Endpoint=https://name.search.windows.net;Search:Index=media-dev"
        );

        services.AddAssets(options => options.IndexStore = "azure");

        Assert.Equal(typeof(ServiceIndex), Assert.Single(services, one => one.ServiceType == typeof(IAssetIndex)).ImplementationType);
        Assert.Equal(typeof(ServiceSearch), Assert.Single(services, one => one.ServiceType == typeof(IAssetSearch)).ImplementationType);
        Assert.DoesNotContain(services, one => one.ServiceType == typeof(AssetIndex) || one.ServiceType == typeof(WordIndex));
    }

    [Theory]
    [InlineData("Search:Engine=Elastic", "Search:Engine", "Elastic")]
    [InlineData("Search:Engine=7", "Search:Engine", "allowed are BuiltIn and AzureAISearch")]
    [InlineData("Search:Engine=AzureAISearch", "Search:Endpoint", "''")]
    [InlineData("Search:Engine=AzureAISearch;Search:Endpoint=http://name.search.windows.net", "Search:Endpoint", "http://name")]
    [InlineData("Search:Engine=AzureAISearch;Search:Endpoint=name", "Search:Endpoint", "'name'")]
    [InlineData("Search:Engine=AzureAISearch;Search:Endpoint=https://name.search.windows.net/indexes", "Search:Endpoint", "indexes")]
    [InlineData(
        "Search:Engine=AzureAISearch;Search:Endpoint=https://n.search.windows.net;Search:Index=My_Index",
        "Search:Index",
        "My_Index"
    )]
    public void AWrongSetting_IsRefusedByName(string settings, string name, string found)
    {
        Exception fault = Assert.ThrowsAny<Exception>(() => Add(settings));

        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains(found, fault.Message, StringComparison.Ordinal);
    }

    private static ServiceCollection Add(string settings)
    {
        IConfigurationRoot read = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .Split(';', StringSplitOptions.RemoveEmptyEntries)
                    .Select(one => one.Split('=', 2))
                    .Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))
            )
            .Build();
        ServiceCollection services = [];
        services.AddSearchEngine(options => read.GetSection("Search").Bind(options));
        return services;
    }
}
