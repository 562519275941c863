using Xunit;

namespace Serverless.EndToEnd;

public sealed class CanaryTests(SharedStack shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(7);

    [Fact]
    public Task Canary_ThatAnswersNonsense_IsTakenBackFromItsCallers() =>
        BadCanary.IsTakenBackAsync(
            shared.Stack,
            "end-to-end-canary",
            "prod",
            promoting: shared.Client.Http,
            asking: shared.Client.Http,
            Limit
        );
}
