using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Operations;
using Xunit;

namespace Serverless.Unit.Orchestrations.Operations;

public sealed class RunActRulesTests
{
    [Theory]
    [InlineData(RunAct.Suspend, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running)]
    [InlineData(RunAct.Resume, OrchestrationRuntimeStatus.Suspended)]
    [InlineData(
        RunAct.Terminate,
        OrchestrationRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended
    )]
    [InlineData(
        RunAct.Restart,
        OrchestrationRuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated
    )]
    [InlineData(RunAct.Rewind, OrchestrationRuntimeStatus.Failed)]
    [InlineData(
        RunAct.Purge,
        OrchestrationRuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated
    )]
    public void Act_IsTakenInItsStatuses_AndNoOther(RunAct act, params OrchestrationRuntimeStatus[] statuses)
    {
        OrchestrationRuntimeStatus[] all =
        [
            OrchestrationRuntimeStatus.Pending,
            OrchestrationRuntimeStatus.Running,
            OrchestrationRuntimeStatus.Suspended,
            OrchestrationRuntimeStatus.Completed,
            OrchestrationRuntimeStatus.Failed,
            OrchestrationRuntimeStatus.Terminated,
        ];

        Assert.Equal(statuses.Order(), all.Where(status => RunActRules.FaultOf(act, Run("CheckDrift", status)) is null).Order());
    }

    [Fact]
    public void Restart_OfARunWhoseStartIsCheckedElsewhere_IsRefusedWithThePlace() =>
        Assert.Equal(
            "Runs of PromoteModel are started by POST /api/promotions alone, where more is checked; ask there for another.",
            RunActRules.FaultOf(RunAct.Restart, Run("PromoteModel", OrchestrationRuntimeStatus.Failed))
        );

    [Theory]
    [InlineData("", "has 0 characters")]
    [InlineData("a/b", "has no '/'")]
    [InlineData("a\nb", "no control character")]
    [InlineData("@counter@a", "begins with no '@'")]
    [InlineData(" ", "The id of the run is ' '; allowed is one that is not blank")]
    [InlineData("..", "not '..'")]
    [InlineData(".", "not '.'")]
    [InlineData("a%2fb", "has no '%2F' in it")]
    public void Id_ThatNoRunHas_IsRefused(string id, string fault) =>
        Assert.Contains(fault, Assert.Throws<RunActException>(() => RunActRules.CheckId(id)).Message, StringComparison.Ordinal);

    [Fact]
    public void Id_OfAThousandCharacters_IsRefusedWithItsLength() =>
        Assert.StartsWith(
            "The id of the run has 1,000 characters",
            Assert.Throws<RunActException>(() => RunActRules.CheckId(new string('a', 1_000))).Message,
            StringComparison.Ordinal
        );

    [Theory, InlineData("50%"), InlineData("promotion-prod-model-1:0003")]
    public void Id_ThatARunMayHave_IsTaken(string id) => RunActRules.CheckId(id);

    private static OrchestrationMetadata Run(string name, OrchestrationRuntimeStatus status) => new(name, "a") { RuntimeStatus = status };
}
