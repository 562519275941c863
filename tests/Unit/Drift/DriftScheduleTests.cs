using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Xunit;

namespace Serverless.Unit.Drift;

public sealed class DriftScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 7, 12, 5, 0, TimeSpan.Zero);

    [Fact]
    public void AModel_IsCheckedAsItsSettingsSay_AndTheRestAsTheDefaultDoes()
    {
        DriftOptions options = Read(
            ("WindowHours", "24"),
            ("Likeness", "HourOfDay"),
            ("Models:busy:WindowHours", "1"),
            ("Models:busy:Likeness", "HourOfWeek"),
            ("Models:rare:Enabled", "false")
        );

        Assert.Equal(new DriftSchedule(true, 1, DriftReference.Pinned, DriftLikeness.HourOfWeek), options.ScheduleOf("busy"));
        Assert.Equal(new DriftSchedule(false, 24, DriftReference.Pinned, DriftLikeness.HourOfDay), options.ScheduleOf("rare"));
        Assert.Equal(new DriftSchedule(true, 24, DriftReference.Pinned, DriftLikeness.HourOfDay), options.ScheduleOf("other"));
    }

    [Theory]
    [InlineData("busy", 11, 12)]
    [InlineData("other", -24, 0)]
    public void WhatIsDue_IsTheLastWindowOfTheModel(string model, int from, int until)
    {
        DriftOptions options = Read(("Models:busy:WindowHours", "1"));
        DateTimeOffset midnight = Noon.Date.ToUniversalTime();

        DriftCheckRequest due = options.ScheduleOf(model).DueAt(new DriftSubject("prod", model, 1), Noon);

        Assert.Equal(new DriftWindow(midnight.AddHours(from), midnight.AddHours(until)), due.Window);
    }

    [Fact]
    public void Rejects_AWindowOfNoHours_NamingTheModel()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() =>
            new ServiceCollection().AddDrift(options => options.Models["busy"] = new ModelDriftOptions { WindowHours = 0 })
        );

        Assert.Contains("Drift:Models:busy:WindowHours is 0; allowed are 1 to 744.", fault.Message);
    }

    private static DriftOptions Read(params (string Key, string Value)[] settings)
    {
        DriftOptions options = new();
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create<string, string?>(one.Key, one.Value)))
            .Build()
            .ReadDrift(options);
        return options;
    }
}
