using Serverless.Orchestrations.Promotion;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion;

public sealed class PromotionSchedulerTests
{
    [Theory]
    [
        InlineData("dev", "topics", true),
        InlineData("prod", "topics", false),
        InlineData("dev", "topic", false),
        InlineData("dev", "topics-2", false)
    ]
    public void IsOf_AnId_KnowsItsEnvironmentAndModel(string environment, string model, bool expected) =>
        Assert.Equal(expected, PromotionScheduler.IsOf(PromotionScheduler.IdOf("dev", "topics", "key"), environment, model));
}
