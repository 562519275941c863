using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Orchestrations.Retraining;
using Xunit;

namespace Serverless.Unit.Orchestrations.Retraining;

public sealed class RetrainingOptionsTests
{
    [Fact]
    public void Settings_TakeThePlaceOfTheDefaults()
    {
        RetrainingOptions options = Bind(("Head:Folds", "3"), ("Head:Penalties:0", "0.5"), ("Head:Penalties:1", "2"));

        Assert.Equal((3, 10), (options.Head.Folds, options.Head.MinRowsOfClass));
        Assert.Equal([0.5, 2], options.Head.Penalties);
    }

    [Fact]
    public void WhatIsWrong_IsNamedAtOnce()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Bind(("Head:Folds", "1"), ("Head:Penalties:0", "-1")));

        Assert.Contains("Retraining:Head:Folds is 1; allowed are 2 to 20.", e.Message, StringComparison.Ordinal);
        Assert.Contains("Penalties holds -1; allowed are numbers above 0.", e.Message, StringComparison.Ordinal);
    }

    private static RetrainingOptions Bind(params (string Key, string Value)[] settings)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value))
            .Build();
        return new ServiceCollection().AddRetraining(configuration.Bind).BuildServiceProvider().GetRequiredService<RetrainingOptions>();
    }
}
