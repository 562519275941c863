using Serverless.Local.Stack;
using Serverless.Local.Stack.Releases;
using Xunit;

namespace Serverless.Unit.Local.Stack.Releases;

public sealed class ReleaseDocumentTests
{
    private const string Json = """
        {
          "at": "2026-12-01T12:00:00+00:00", "app": "1.2.3", "host": { "version": "2.0" },
          "settings": { "Roles:Environment": "qa" },
          "environments": {
            "dev": { "aliases": { "topics": { "version": 2, "digest": "sha256:b" } }, "plan": { "canary": [] } },
            "qa": { "aliases": { "topics": { "version": 1, "digest": "sha256:a" } }, "plan": { "canary": [{ "weight": 0.5 }] } }
          },
          "alertRules": { "health": { "enabled": true } }
        }
        """;

    [Fact]
    public void TwoEnvironments_DifferInWhatIsTheirs_AndNotInTheirNames()
    {
        ReleaseDocument dev = ReleaseDocument.Parse(Json, "dev", "app");
        ReleaseDocument qa = ReleaseDocument.Parse(Json, "qa", "app");

        IReadOnlyList<ReleaseDifference> found = ReleaseDifference.Between(dev, qa);

        Assert.Equal(
            [
                new("aliases/topics/digest", "\"sha256:b\"", "\"sha256:a\""),
                new("aliases/topics/version", "2", "1"),
                new("plan/canary/0/weight", null, "0.5"),
            ],
            found
        );
    }

    [Fact]
    public void AnotherRelease_DiffersInProgramHostSettingsAndRules()
    {
        ReleaseDocument before = ReleaseDocument.Parse(Json, "qa", "app");
        ReleaseDocument after = ReleaseDocument.Parse(
            Json.Replace("1.2.3", "1.2.4", StringComparison.Ordinal)
                .Replace("2026-12-01", "2026-12-02", StringComparison.Ordinal)
                .Replace("\"version\": \"2.0\"", "\"version\": \"2.0\", \"logging\": {}", StringComparison.Ordinal)
                .Replace("\"Roles:Environment\": \"qa\"", "\"Roles:Environment\": \"prod\"", StringComparison.Ordinal)
                .Replace("true", "false", StringComparison.Ordinal),
            "qa",
            "app"
        );

        Assert.Equal(
            ["alertRules/health/enabled", "app", "settings/Roles:Environment"],
            ReleaseDifference.Between(before, after).Select(difference => difference.Path)
        );
    }

    [Theory]
    [InlineData("{}", "qa", "file is no document of a release")]
    [InlineData("[", "qa", "file is no document of a release")]
    [InlineData("""{"app":"1","app":"2"}""", "qa", "file is no document of a release")]
    [InlineData("""{"environments":{"qa":null}}""", "qa", "file is no document of a release: a member is missing, or null.")]
    [InlineData(Json, "prod", "file has the environments dev, qa; 'prod' is none of them, and no file.")]
    [InlineData(Json, null, "file has the environments dev, qa; expected is one, or its name behind '#'.")]
    public void WhatIsNone_IsRefusedByName(string json, string? environment, string expected)
    {
        StackException refused = Assert.Throws<StackException>(() => ReleaseDocument.Parse(json, environment, "file"));

        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }
}
