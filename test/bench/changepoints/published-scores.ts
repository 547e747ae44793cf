/** Covering and F1 (margin 5). */
export type Scores = readonly [covering: number, f1: number];

export const PUBLISHED_METHODS = ["amoc", "binseg", "bocpd", "pelt", "zero"] as const;
type PublishedMethod = (typeof PUBLISHED_METHODS)[number];

/**
 * What methods in their default settings reach on a series, as published with
 * van den Burg and Williams, "An Evaluation of Change Point Detection
 * Algorithms" (2020): TCPDBench, analysis/output/scores/default_{cover,f1}_scores.json,
 * to three digits. Null for a series that is not there, or that has several columns,
 * which most of these methods do not take.
 */
export function publishedScores(series: string): Readonly<Record<PublishedMethod, Scores>> | null {
  const line = TABLE.find((row) => row.startsWith(`${series} `));
  if (line === undefined) return null;
  const [, ...figures] = line.split(/\s+/);
  const at = (k: number): number => Number(figures[k]) / 1000;
  const scores = (k: number): Scores => [at(k), at(k + 5)];
  return { amoc: scores(0), binseg: scores(1), bocpd: scores(2), pelt: scores(3), zero: scores(4) };
}

// Thousandths: covering of amoc, binseg, bocpd, pelt, zero; then F1 of the same.
const TABLE = `
bank 967 509 048 509 1000 667 400 047 400 1000
bitcoin 764 754 717 758 516 367 426 692 672 450
brent_spot 423 627 586 627 266 272 483 521 465 315
businv 574 562 463 603 461 455 370 270 370 588
centralia 675 564 612 564 675 763 909 909 909 763
children_per_woman 798 798 758 798 429 618 618 637 618 507
co2_canada 527 608 716 611 278 544 691 619 661 361
construction 525 466 395 423 575 516 709 634 709 696
debt_ireland 321 635 584 635 321 469 760 760 760 469
gdp_argentina 667 667 630 667 737 889 889 947 889 824
gdp_croatia 605 605 642 605 708 583 583 1000 583 824
gdp_iran 484 477 520 477 583 492 492 622 492 652
gdp_japan 654 654 578 654 802 615 615 800 615 889
global_co2 743 748 640 638 758 929 929 754 754 846
homeruns 683 683 526 683 511 812 812 729 812 659
iceland_tourism 764 764 595 764 946 643 643 486 643 947
jfk_passengers 839 839 541 839 630 776 776 437 776 723
lga_passengers 427 458 496 474 383 422 438 630 438 535
measles 951 951 081 213 951 947 947 069 124 947
nile 880 880 888 880 758 1000 1000 1000 1000 824
ozone 701 600 602 635 574 531 650 650 1000 723
quality_control_1 992 992 887 992 503 1000 1000 800 1000 667
quality_control_2 922 922 927 922 638 1000 1000 1000 1000 750
quality_control_3 996 996 997 996 500 1000 1000 1000 1000 667
quality_control_4 563 518 511 538 673 810 873 658 726 780
quality_control_5 1000 1000 1000 1000 1000 1000 1000 1000 1000 1000
rail_lines 786 786 767 786 428 846 846 846 846 537
ratner_stock 873 913 796 908 450 776 824 783 650 571
robocalls 641 641 808 641 601 800 800 966 800 636
scanline_126007 519 464 346 444 503 710 739 820 759 644
scanline_42049 424 631 892 745 211 485 713 962 804 276
seatbelts 683 797 757 797 528 474 683 583 683 621
shanghai_license 920 920 856 920 547 868 868 713 868 636
unemployment_nl 507 669 495 648 507 566 876 683 773 566
us_population 736 391 219 506 803 1000 667 216 471 889
usd_isk 853 735 672 730 436 785 657 609 657 489
well_log 453 695 776 679 225 279 534 796 555 237
`.split("\n");
