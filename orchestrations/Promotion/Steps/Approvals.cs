namespace Serverless.Orchestrations.Promotion;

/// <summary>Who may decide on a promotion.</summary>
public static class Approvals
{
    /// <summary>
    /// Null for somebody who may; otherwise why not. Two names of one identity, or that come with one key, are one person.
    /// </summary>
    public static string? Fault(PromotionInput promotion, IEnumerable<ApprovalGiven> given, ApprovalDecision decision)
    {
        string by = decision.By;
        if (LookalikeNames.AreAlike(by, promotion.RequestedBy))
        {
            return $"'{by}' asked for this promotion; nobody approves their own.";
        }
        if (IsOne(decision.ById, promotion.RequestedById))
        {
            return $"'{by}' and '{promotion.RequestedBy}', who asked for this promotion, are one ({decision.ById}); "
                + "nobody approves their own.";
        }
        if (promotion.Plan.Approval is not { } approval)
        {
            return "This promotion needs no approval.";
        }
        if (approval.People.Count > 0 && !approval.People.Any(person => Same(person, by)))
        {
            return $"'{by}' is not among those who may decide: {string.Join(", ", approval.People)}.";
        }
        return given.Any(approved => LookalikeNames.AreAlike(approved.By, by) || IsOne(approved.ById, decision.ById))
            ? $"'{by}' has approved already."
            : null;
    }

    private static bool IsOne(string? one, string? other) => one is not null && one == other;

    private static bool Same(string one, string other) => string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
}
