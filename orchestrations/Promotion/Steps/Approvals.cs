namespace Serverless.Orchestrations.Promotion;

/// <summary>Who may decide on a promotion.</summary>
public static class Approvals
{
    /// <summary>Null for somebody who may; otherwise why not.</summary>
    public static string? Fault(PromotionInput promotion, IEnumerable<ApprovalGiven> given, string by)
    {
        if (LookalikeNames.AreAlike(by, promotion.RequestedBy))
        {
            return $"'{by}' asked for this promotion; nobody approves their own.";
        }
        if (promotion.Plan.Approval is not { } approval)
        {
            return "This promotion needs no approval.";
        }
        if (approval.People.Count > 0 && !approval.People.Any(person => Same(person, by)))
        {
            return $"'{by}' is not among those who may decide: {string.Join(", ", approval.People)}.";
        }
        return given.Any(approved => LookalikeNames.AreAlike(approved.By, by)) ? $"'{by}' has approved already." : null;
    }

    private static bool Same(string one, string other) => string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
}
