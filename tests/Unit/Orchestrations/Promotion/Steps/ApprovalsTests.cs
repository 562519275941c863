using Serverless.Orchestrations.Promotion;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion.Steps;

public sealed class ApprovalsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("mallory")]
    [InlineData(" Mallory ")]
    [InlineData("m\u0430llory")]
    [InlineData("ma\u200Bllory")]
    [InlineData("ma1lory")]
    [InlineData("maIlory")]
    [InlineData("\uFF4Dallory")]
    [InlineData("mall\u03BFry")]
    public void Fault_OfANameThatLooksLikeTheAskers_IsTheirOwn(string by)
    {
        Assert.EndsWith("nobody approves their own.", Approvals.Fault(AskedBy("mallory"), [], by), StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_OfANameThatLooksLikeAnApprovers_IsASecondApproval()
    {
        ApprovalGiven given = new("ana", null, Now);

        Assert.EndsWith("has approved already.", Approvals.Fault(AskedBy("ci"), [given], "\u0430na"), StringComparison.Ordinal);
        Assert.Null(Approvals.Fault(AskedBy("ci"), [given], "anna"));
    }

    [Fact]
    public void Fault_OfANameThatOnlyLooksLikeOneOfThosePeople_IsNotAmongThem()
    {
        PromotionInput promotion = AskedBy("ci", new ApprovalStep { People = ["ana"] });

        Assert.Null(Approvals.Fault(promotion, [], "Ana"));
        Assert.Contains("is not among those", Approvals.Fault(promotion, [], "\u0430na"), StringComparison.Ordinal);
    }

    private static PromotionInput AskedBy(string name, ApprovalStep? approval = null) =>
        new("m", 2, null, "prod", name, new PromotionPlan { Approval = approval ?? new ApprovalStep() }, Queue: false, Now);
}
