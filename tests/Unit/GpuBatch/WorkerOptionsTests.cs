using Microsoft.Extensions.Configuration;
using Serverless.GpuBatch;
using Xunit;

namespace Serverless.Unit.GpuBatch;

public sealed class WorkerOptionsTests
{
    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("9464", null, null, "127.0.0.1:9464")]
    [InlineData("9464", "0.0.0.0", null, "0.0.0.0:9464")]
    [InlineData("9464", null, 9500, "127.0.0.1:9500")] // the command line goes before the setting
    public void ScrapedAt_FollowsTheSettings(string? port, string? address, int? option, string? expected)
    {
        WorkerOptions options = Settings(("MetricsPort", port), ("MetricsAddress", address)).ReadWorker(untilEmpty: false, option);

        Assert.Equal(expected, options.ScrapedAt?.ToString());
    }

    [Fact]
    public void Rejects_WhatIsNoPortAndNoAddress_NamingBoth()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() =>
            Settings(("MetricsPort", "70000"), ("MetricsAddress", "here")).ReadWorker(untilEmpty: false, metricsPort: null)
        );

        Assert.Contains("Worker:MetricsPort is 70,000; allowed are 0 to 65,535.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Worker:MetricsAddress is 'here'; allowed is an IP address", fault.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .Where(setting => setting.Value is not null)
                    .Select(setting => KeyValuePair.Create($"Worker:{setting.Key}", setting.Value))
            )
            .Build();
}
