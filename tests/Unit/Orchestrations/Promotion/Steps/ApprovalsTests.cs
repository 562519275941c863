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
    [InlineData("rnallory")]
    [InlineData("mall\u0585ry")]
    [InlineData("\u217Fallory")]
    [InlineData("m\u0251llory")]
    [InlineData("\U0001D426\U0001D41A\U0001D425\U0001D425\U0001D428\U0001D42B\U0001D432")]
    [InlineData("\u24DC\u24D0llory")]
    [InlineData("m\u00E1llory")]
    [InlineData("ma\u0301llory")]
    [InlineData("ma\u04CFlory")]
    public void Fault_OfANameThatLooksLikeTheAskers_IsTheirOwn(string by)
    {
        Assert.EndsWith("nobody approves their own.", Approvals.Fault(AskedBy("mallory"), [], Yes(by)), StringComparison.Ordinal);
    }

    /// <summary>An accent is part of a letter or a mark of its own, and shows the same.</summary>
    [
        Theory,
        InlineData("Jos\u00E9", "Jose\u0301"),
        InlineData("\u0410\u043D\u0434\u0440\u0435\u0439", "\u0410\u043D\u0434\u0440\u0435\u0438\u0306")
    ]
    public void Fault_OfANameWithItsAccentsWrittenOtherwise_IsTheirOwn(string asker, string by)
    {
        Assert.EndsWith("nobody approves their own.", Approvals.Fault(AskedBy(asker), [], Yes(by)), StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_OfANameThatLooksLikeAnApprovers_IsASecondApproval()
    {
        ApprovalGiven given = new("ana", null, Now);

        Assert.EndsWith("has approved already.", Approvals.Fault(AskedBy("ci"), [given], Yes("\u0430na")), StringComparison.Ordinal);
        Assert.Null(Approvals.Fault(AskedBy("ci"), [given], Yes("anna")));
    }

    [Fact]
    public void Fault_OfANameThatOnlyLooksLikeOneOfThosePeople_IsNotAmongThem()
    {
        PromotionInput promotion = AskedBy("ci", new ApprovalStep { People = ["ana"] });

        Assert.Null(Approvals.Fault(promotion, [], Yes("Ana")));
        Assert.Contains("is not among those", Approvals.Fault(promotion, [], Yes("\u0430na")), StringComparison.Ordinal);
    }

    [Theory, InlineData("identity:aad:1"), InlineData("key:ci")]
    public void Fault_OfTwoNamesOfOneCaller_IsTheirOwn_OrASecondApproval(string id)
    {
        PromotionInput own = AskedBy("ci") with { RequestedById = id };
        ApprovalGiven given = new("ana", null, Now, id);

        Assert.Equal(
            $"'bob' and 'ci', who asked for this promotion, are one ({id}); nobody approves their own.",
            Approvals.Fault(own, [], Yes("bob", id))
        );
        Assert.Equal("'bob' has approved already.", Approvals.Fault(AskedBy("ci"), [given], Yes("bob", id)));
        Assert.Null(Approvals.Fault(own, [given], Yes("bob", id + "2")));
        Assert.Null(Approvals.Fault(own, [given], Yes("bob")));
    }

    /// <summary>Promotions that began before ids were kept, and keys that are not listed, have names alone.</summary>
    [Fact]
    public void Fault_WithoutIds_GoesByNames() => Assert.Null(Approvals.Fault(AskedBy("ci"), [new("ana", null, Now)], Yes("bob")));

    private static ApprovalDecision Yes(string by, string? id = null) => new(by, Approve: true, Reason: null, id);

    private static PromotionInput AskedBy(string name, ApprovalStep? approval = null) =>
        new("m", 2, null, "prod", name, new PromotionPlan { Approval = approval ?? new ApprovalStep() }, Queue: false, Now);
}
