using System.Text.RegularExpressions;
using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>Every alert goes to somebody, and names a runbook that the app serves.</summary>
internal static partial class AlertRunbooks
{
    private static readonly (string Type, string Description, string Action)[] Alerts =
    [
        ("azurerm_monitor_metric_alert", "description", "action.0.action_group_id"),
        ("azurerm_monitor_scheduled_query_rules_alert_v2", "description", "action.0.action_groups.0"),
        ("aws_cloudwatch_metric_alarm", "alarm_description", "alarm_actions.0"),
    ];

    private static readonly HashSet<string> Runbooks =
    [
        .. Directory
            .EnumerateFiles(SourceTree.PathOf("functions/Azure/Alerts/Runbooks"), "*.md")
            .Select(path => Path.GetFileNameWithoutExtension(path)),
    ];

    public static IEnumerable<string> Check(Applied applied)
    {
        HashSet<string> receivers =
        [
            .. applied.Of("azurerm_monitor_action_group").Select(group => group.Id),
            .. applied.Of("aws_sns_topic").Select(topic => topic.Text("arn")),
        ];
        foreach ((string type, string description, string action) in Alerts)
        {
            foreach (Resource alert in applied.Of(type))
            {
                string name = Named().Match(alert.Text(description)).Groups[1].Value;
                if (!Runbooks.Contains(name))
                {
                    yield return $"{alert.Address}: '{alert.Text(description)}' names no runbook.";
                }
                if (!receivers.Contains(alert.Text(action)))
                {
                    yield return $"{alert.Address}: nobody is told.";
                }
            }
        }
    }

    [GeneratedRegex(@"^Runbook: https://\S+/api/runbooks/(\w+)$")]
    private static partial Regex Named();
}
