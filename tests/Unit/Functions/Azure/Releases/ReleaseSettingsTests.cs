using Microsoft.Extensions.Configuration;
using Serverless.Functions.Azure.Releases;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Releases;

public sealed class ReleaseSettingsTests
{
    [Theory]
    [InlineData("AzureWebJobsStorage", "UseDevelopmentStorage=true")]
    [InlineData("Events:SigningKey", "aGVsbG8=")]
    [InlineData("Mail:Password", "x")]
    [InlineData("Registry:Shared:ConnectionString", "BlobEndpoint=http://127.0.0.1")]
    [InlineData("Access:Keys:ci:Sha256", "00")]
    [InlineData("Some:Address", "https://account.blob.core.windows.net/c?sv=1&sig=abc")]
    [InlineData("Some:Proxy", "http://user:pass@proxy:8080")]
    public void Secrets_AreOnlyToldToBeSet(string name, string value) => Assert.Equal("(secret)", Shown(name, value)[name]);

    [Theory]
    [InlineData("Roles:Environment", "qa")]
    [InlineData("Access:Keys:ci:Roles", "read,publish")]
    [InlineData("Events:SigningKey", "@Microsoft.KeyVault(SecretUri=https://vault/secrets/events-signing-key)")]
    public void OtherSettings_AreShown_AndReferencesToSecretsToo(string name, string value) =>
        Assert.Equal(value, Shown(name, value)[name]);

    [Fact]
    public void WhatIsInNoSection_IsTheMachinesOwn() => Assert.Empty(Shown("PATH", "/usr/bin"));

    private static SortedDictionary<string, string> Shown(string name, string value) =>
        ReleaseSettings.Of(new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build());
}
